import assert from 'node:assert/strict'
import { test } from 'node:test'
import { robotDialogue } from '../contact/index.ts'
import { classifyIntent } from '../conversations/model/classify-intent.ts'

const MEANT: Readonly<Record<string, string>> = {
  ...{ paid: 'paid-already', dispute: 'dispute', hardship: 'cannot-pay', person: 'question' },
  ...{ stop: 'stop', 'wrong-person': 'wrong-person' },
}

test('what a key stands for is understood as that, in both languages', () => {
  for (const [name, { notes }] of Object.entries(robotDialogue().states))
    for (const text of Object.values(notes ?? {}))
      assert.equal(classifyIntent(text).intent, MEANT[name], text)
})
