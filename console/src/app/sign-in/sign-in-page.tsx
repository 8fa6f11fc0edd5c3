import { changeLanguage, currentLanguage, ProblemError } from '@dunlin/ui'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { type ReactElement, useState } from 'react'
import { Logo } from '../logo.tsx'
import { hasPasskeys, signInWithPasskey, signInWithPassword, verifyCode } from './sign-in-calls.ts'
import { type SignInKey, useSignInTexts } from './sign-in-texts.ts'
import './sign-in.css'

type Step = 'password' | 'code'
type Trouble = { readonly words: SignInKey; readonly detail: string } | null

export function SignInPage(): ReactElement {
  const say = useSignInTexts()
  const { step, isBusy, trouble, attempt, setStep } = useSignIn()
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <header>
          <Logo />
          <div>
            <h1>{say('title')}</h1>
            <p className="quiet">{say('tagline')}</p>
          </div>
        </header>
        {trouble !== null && (
          <Alert
            type="error"
            showIcon
            role="alert"
            title={say(trouble.words, { detail: trouble.detail })}
          />
        )}
        {step === 'password' ? (
          <PasswordForm isBusy={isBusy} attempt={attempt} />
        ) : (
          <CodeForm isBusy={isBusy} attempt={attempt} onBack={() => setStep('password')} />
        )}
      </div>
      <Button
        type="link"
        onClick={() => changeLanguage(currentLanguage() === 'en' ? 'zh-CN' : 'en')}
      >
        {say('language')}
      </Button>
    </main>
  )
}

type Attempt = (work: () => Promise<'in' | 'code'>, wrong: SignInKey) => Promise<void>

function useSignIn(): {
  step: Step
  isBusy: boolean
  trouble: Trouble
  attempt: Attempt
  setStep: (step: Step) => void
} {
  const [step, setStep] = useState<Step>('password')
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble>(null)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { to } = useSearch({ from: '/sign-in' })
  const attempt: Attempt = async (work, wrong) => {
    setBusy(true)
    setTrouble(null)
    try {
      if ((await work()) === 'code') return setStep('code')
      queries.clear()
      // Only places of our own: an address from elsewhere would be a trap.
      await navigate({ href: to?.startsWith('/') === true && !to.startsWith('//') ? to : '/' })
    } catch (error) {
      setTrouble(troubleOf(error, wrong))
    } finally {
      setBusy(false)
    }
  }
  return { step, isBusy, trouble, attempt, setStep }
}

function troubleOf(error: unknown, wrong: SignInKey): Trouble {
  const detail = error instanceof Error ? error.message : String(error)
  if (!(error instanceof ProblemError)) return { words: 'failed', detail }
  if (error.code === 'auth.locked') return { words: 'locked', detail }
  return error.status < 500 ? { words: wrong, detail } : { words: 'failed', detail }
}

type FormProps = { readonly isBusy: boolean; readonly attempt: Attempt }

function PasswordForm({ isBusy, attempt }: FormProps): ReactElement {
  const say = useSignInTexts()
  const signIn = (given: { email: string; password: string }): Promise<void> =>
    attempt(async () => ((await signInWithPassword(given)) ? 'code' : 'in'), 'wrong')
  const withPasskey = (): Promise<void> =>
    attempt(async () => {
      await signInWithPasskey()
      return 'in'
    }, 'failed')
  return (
    <Form layout="vertical" requiredMark={false} onFinish={signIn}>
      <Form.Item name="email" label={say('email')} rules={[{ required: true, type: 'email' }]}>
        <Input autoFocus autoComplete="username webauthn" inputMode="email" size="large" />
      </Form.Item>
      <Form.Item name="password" label={say('password')} rules={[{ required: true }]}>
        <Input.Password autoComplete="current-password" size="large" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block size="large" loading={isBusy}>
        {say('submit')}
      </Button>
      {hasPasskeys() && (
        <Button block type="link" onClick={withPasskey} disabled={isBusy}>
          {say('passkey')}
        </Button>
      )}
    </Form>
  )
}

function CodeForm({ isBusy, attempt, onBack }: FormProps & { onBack: () => void }): ReactElement {
  const say = useSignInTexts()
  const verify = ({ code }: { code: string }): Promise<void> =>
    attempt(async () => {
      await verifyCode(code)
      return 'in'
    }, 'wrongCode')
  return (
    <Form layout="vertical" requiredMark={false} onFinish={verify}>
      <Form.Item
        name="code"
        label={say('code')}
        extra={say('codeHint')}
        rules={[{ required: true }]}
      >
        <Input autoFocus autoComplete="one-time-code" inputMode="numeric" size="large" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block size="large" loading={isBusy}>
        {say('verify')}
      </Button>
      <Button block type="link" onClick={onBack}>
        {say('back')}
      </Button>
    </Form>
  )
}
