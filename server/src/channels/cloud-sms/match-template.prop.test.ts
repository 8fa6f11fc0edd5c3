import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { matchTemplate } from './match-template.ts'

const SIGN = '示例消费金融'
const value = fc.stringMatching(/^[一-龥A-Za-z0-9.$^(){}]{1,20}$/)

test('a match, filled into its template again, is the text letter for letter', () => {
  const approved = fc.array(fc.stringMatching(/^[一-龥，。.()*+?]{1,10}$/), {
    minLength: 2,
    maxLength: 4,
  })
  fc.assert(
    fc.property(approved, value, (pieces, filling) => {
      const text = pieces.map((piece, at) => (at === 0 ? piece : `\${v${at}}${piece}`)).join('')
      const body = pieces.map((piece, at) => (at === 0 ? piece : `${filling}${piece}`)).join('')
      const found = matchTemplate(`【${SIGN}】${body}`, {
        signName: SIGN,
        templates: [{ code: 'SMS_1', text }],
      })
      assert.ok(found !== null)
      const again = text.replace(/\$\{(\w+)\}/g, (_, name: string) => found.values[name] ?? '')
      assert.equal(again, body)
    }),
  )
})

test('no other text fits: another signature, a missing one, a word more, an empty value', () => {
  const given = {
    signName: SIGN,
    templates: [{ code: 'SMS_1', text: `您的验证码是\${code}，5分钟内有效。` }],
  }
  const good = `【${SIGN}】您的验证码是123456，5分钟内有效。`
  assert.deepEqual(matchTemplate(good, given), { code: 'SMS_1', values: { code: '123456' } })
  for (const text of [
    good.slice(SIGN.length + 2),
    good.replace(SIGN, '另一家公司'),
    `${good}谢谢`,
    good.replace('123456', ''),
    good.replace('123456', '1\n2'),
  ]) {
    assert.equal(matchTemplate(text, given), null)
  }
})

test('Tencent’s numbered variables, and one that stands twice, must agree', () => {
  const templates = [{ code: '1110', text: '{1}您好，{2}。{1}' }]
  const match = (body: string) => matchTemplate(`【${SIGN}】${body}`, { signName: SIGN, templates })
  assert.deepEqual(match('王您好，已结清。王')?.values, { 1: '王', 2: '已结清' })
  assert.equal(match('王您好，已结清。李'), null)
})
