import { textsOf } from '@dunlin/ui'

const SIGN_IN = {
  zh: {
    title: '登录 Dunlin',
    tagline: '合规催收平台',
    email: '邮箱',
    password: '密码',
    submit: '登录',
    passkey: '使用通行密钥',
    code: '验证码',
    codeHint: '输入身份验证器中的 6 位数字',
    verify: '验证',
    back: '返回',
    wrong: '邮箱或密码不正确',
    wrongCode: '验证码不正确',
    locked: '密码错误次数过多，请 15 分钟后再试',
    failed: '无法登录：{{detail}}',
    language: 'English',
  },
  en: {
    title: 'Sign in to Dunlin',
    tagline: 'Lawful collections',
    email: 'Email',
    password: 'Password',
    submit: 'Sign in',
    passkey: 'Use a passkey',
    code: 'Code',
    codeHint: 'The six digits in your authenticator',
    verify: 'Verify',
    back: 'Back',
    wrong: 'The email or the password is wrong',
    wrongCode: 'The code is wrong',
    locked: 'Too many wrong passwords: try again in 15 minutes',
    failed: 'Cannot sign in: {{detail}}',
    language: '中文',
  },
} as const

export type SignInKey = keyof (typeof SIGN_IN)['zh']
export const useSignInTexts = textsOf<SignInKey>('sign-in', SIGN_IN)
