import { Button, Input, SpinLoading, TextArea } from 'antd-mobile'
import { type ReactNode, useId, useState } from 'react'
import { useFrame, useProblemText } from '../app/texts.ts'
import { codeOf, type Loaded } from '../app/use-answer.ts'

/** Shows what was loaded, that it is loading, or what went wrong and how to go on. */
export function Load<Value>(given: {
  loaded: Loaded<Value>
  again: () => void
  children: (value: Value) => ReactNode
}) {
  const say = useFrame()
  const tell = useProblemText()
  const { loaded, again, children } = given
  if (loaded.state === 'ready') return children(loaded.value)
  if (loaded.state === 'loading')
    return (
      <p role="status">
        <SpinLoading color="currentColor" style={{ '--size': '20px', display: 'inline-block' }} />{' '}
        {say('loading')}
      </p>
    )
  return (
    <div role="alert">
      <p className="note bad">{tell(loaded.code)}</p>
      <Button className="wide" onClick={again}>
        {say('retry')}
      </Button>
    </div>
  )
}

export function Field(given: {
  label: string
  hint?: string
  value: string
  onChange: (value: string) => void
  mode?: 'text' | 'decimal' | 'numeric'
  complete?: string
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{given.label}</label>
      {given.hint !== undefined && <p className="soft">{given.hint}</p>}
      <Input
        id={id}
        value={given.value}
        onChange={given.onChange}
        inputMode={given.mode ?? 'text'}
        autoComplete={given.complete ?? 'off'}
      />
    </div>
  )
}

const WORDS_MAX = 2000

export function WordsField(given: {
  label: string
  value: string
  onChange: (value: string) => void
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{given.label}</label>
      <TextArea
        id={id}
        value={given.value}
        onChange={given.onChange}
        rows={4}
        autoSize={{ minRows: 4, maxRows: 10 }}
        maxLength={WORDS_MAX}
      />
    </div>
  )
}

/** A form that is sent once: while it is under way it cannot be sent again, and what went wrong stands beside. */
export function ActForm(given: {
  label: string
  act: () => Promise<unknown>
  isReady?: boolean
  children?: ReactNode
  tone?: 'primary' | 'default'
}) {
  const say = useFrame()
  const tell = useProblemText()
  const [isBusy, setBusy] = useState(false)
  const [code, setCode] = useState<string | null>(null)
  const send = async () => {
    setBusy(true)
    setCode(null)
    try {
      await given.act()
    } catch (error) {
      setCode(codeOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!isBusy && given.isReady !== false) void send()
      }}
    >
      {given.children}
      <div role="alert">{code !== null && <p className="note bad">{tell(code)}</p>}</div>
      <Button
        type="submit"
        className="wide"
        color={given.tone ?? 'primary'}
        disabled={isBusy || given.isReady === false}
      >
        {isBusy ? say('busy') : given.label}
      </Button>
    </form>
  )
}

/** Amounts as people type them: 1,234.5 and 1234.50 → whole minor units; null for anything else. */
export function toMinor(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/[\s,，¥￥元]/g, '')
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(plain)) return null
  const [whole = '0', part = ''] = plain.split('.')
  return Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

export function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
