import { setTimeout as wait } from 'node:timers/promises'
import type { Clock, Secret } from '@dunlin/kernel'
import { z } from 'zod'
import { fetchFailure } from '../../platform/http/index.ts'
import { createAccessToken } from './access-token.ts'
import { adviceOf, meaningOf } from './api-error.ts'
import type { WecomSettings } from './wecom-settings.ts'

/** What came of a call. `unknown`: the vendor may have taken it; `not-sent`: provably not, or refused for now. */
export type ApiAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: number; readonly detail: string }
  | { readonly kind: 'not-sent'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }

export type ApiCall<T> = {
  readonly method: 'GET' | 'POST'
  /** After `/cgi-bin/`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
  /** Fields of the answer beside `errcode` and `errmsg`. */
  readonly answer: z.ZodType<T>
  /** Whether the same call twice is the same as once: only such are made again when the vendor is busy. */
  readonly isRepeatable: boolean
}

export type WecomApi = {
  readonly call: <T>(call: ApiCall<T>) => Promise<ApiAnswer<T>>
  readonly health: () => Readonly<Record<string, string | number | boolean | null>>
  /** Gets an access token, which shows that the secret and our address are accepted. */
  readonly probe: () => Promise<{ readonly isOk: boolean; readonly detail: string }>
}

export type WecomApiOptions = {
  readonly settings: WecomSettings
  readonly corpSecret: Secret<string>
  readonly clock: Clock
}

const envelope = z.looseObject({ errcode: z.int(), errmsg: z.string().optional() })
const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.int().positive() })
const ANSWER_BYTES_MAX = 16 * 1024 * 1024

/** A call that the vendor refused at the token's door. */
class TokenTrouble extends Error {
  override readonly name = 'TokenTrouble'
  readonly answer: Exclude<ApiAnswer<unknown>, { kind: 'ok' }>

  constructor(answer: Exclude<ApiAnswer<unknown>, { kind: 'ok' }>) {
    super('no access token')
    this.answer = answer
  }
}

/**
 * Calls WeCom's API. An expired token is fetched anew and the call made once more; an API that is blocked
 * for rate rests; a busy vendor is asked again only where that cannot double anything. Never throws for
 * what the vendor does.
 */
export function createWecomApi(options: WecomApiOptions): WecomApi {
  const { settings, clock } = options
  const restingUntil = new Map<string, number>()
  const counts = { calls: 0, failures: 0, lastCode: 0 }
  const token = createAccessToken(() => fetchToken(options), {
    clock,
    refreshAtPercent: settings.refreshAtPercent,
  })

  async function callOnce<T>(call: ApiCall<T>, isLastTry: boolean): Promise<ApiAnswer<T>> {
    const held = await token.get()
    const answer = await exchange(settings, call, held)
    if (answer.kind !== 'refused') return answer
    const meaning = meaningOf(answer.code)
    if (meaning === 'token') {
      token.drop(held)
      return isLastTry ? { kind: 'not-sent', detail: 'the token is refused' } : callOnce(call, true)
    }
    if (meaning !== 'rate') return answer
    restingUntil.set(call.path, clock.now() + settings.rateRestMs)
    return { kind: 'not-sent', detail: `blocked for rate (${answer.code})` }
  }

  async function callPatiently<T>(call: ApiCall<T>): Promise<ApiAnswer<T>> {
    for (let tries = 0; ; tries += 1) {
      const answer = await callOnce(call, false)
      if (answer.kind !== 'refused' || meaningOf(answer.code) !== 'busy') return answer
      // «Busy» does not say whether the call was taken.
      if (!call.isRepeatable) return { kind: 'unknown', detail: 'the vendor was busy' }
      if (tries >= settings.busyTriesMax) return { kind: 'not-sent', detail: 'the vendor is busy' }
      await wait(settings.busyWaitMs * 2 ** tries)
    }
  }

  async function call<T>(asked: ApiCall<T>): Promise<ApiAnswer<T>> {
    if (clock.now() < (restingUntil.get(asked.path) ?? 0)) {
      return { kind: 'not-sent', detail: 'rests after a rate block' }
    }
    counts.calls += 1
    const answer = await callPatiently(asked).catch((error: unknown): ApiAnswer<T> => {
      if (error instanceof TokenTrouble) return error.answer
      throw error
    })
    if (answer.kind !== 'ok') counts.failures += 1
    if (answer.kind === 'refused') counts.lastCode = answer.code
    return answer
  }

  async function probe(): Promise<{ isOk: boolean; detail: string }> {
    try {
      await token.get()
      return { isOk: true, detail: 'got an access token' }
    } catch (error) {
      if (error instanceof TokenTrouble) return { isOk: false, detail: error.answer.detail }
      throw error
    }
  }

  return {
    call,
    probe,
    health: () => ({
      ...counts,
      tokenEndsAt: token.endsAt(),
      resting: [...restingUntil.values()].filter((until) => clock.now() < until).length,
    }),
  }
}

async function fetchToken({ settings, corpSecret }: WecomApiOptions): Promise<{
  token: string
  livesSeconds: number
}> {
  const answer = await exchange(
    settings,
    {
      method: 'GET',
      path: 'gettoken',
      query: { corpid: settings.corpId, corpsecret: corpSecret.reveal() },
      answer: tokenAnswer,
      isRepeatable: true,
    },
    null,
  )
  if (answer.kind === 'ok') {
    return { token: answer.value.access_token, livesSeconds: answer.value.expires_in }
  }
  // Whatever went wrong here, the call it was for was never made.
  const detail = `no access token: ${answer.detail}`
  throw new TokenTrouble(
    answer.kind === 'refused' && meaningOf(answer.code) === 'set-up'
      ? { ...answer, detail }
      : { kind: 'not-sent', detail },
  )
}

async function exchange<T>(
  settings: WecomSettings,
  call: ApiCall<T>,
  token: string | null,
): Promise<ApiAnswer<T>> {
  const url = new URL(`/cgi-bin/${call.path}`, settings.apiUrl)
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value)
  if (token !== null) url.searchParams.set('access_token', token)
  try {
    const response = await fetch(url, {
      method: call.method,
      signal: AbortSignal.timeout(settings.answerWaitMs),
      redirect: 'error',
      ...(call.body === undefined
        ? {}
        : {
            body: JSON.stringify(call.body),
            headers: { 'content-type': 'application/json; charset=utf-8' },
          }),
    })
    const text = await response.text()
    if (response.status !== 200) return { kind: 'unknown', detail: `status ${response.status}` }
    return readAnswer(call, text)
  } catch (error) {
    return fetchFailure(error)
  }
}

function readAnswer<T>(call: ApiCall<T>, text: string): ApiAnswer<T> {
  if (text.length > ANSWER_BYTES_MAX) return { kind: 'unknown', detail: 'the answer is too long' }
  const given = parseJson(text)
  const head = envelope.safeParse(given)
  if (!head.success) return { kind: 'unknown', detail: 'the answer is no JSON of theirs' }
  const { errcode } = head.data
  if (errcode !== 0) return { kind: 'refused', code: errcode, detail: adviceOf(errcode) }
  const answer = call.answer.safeParse(given)
  return answer.success
    ? { kind: 'ok', value: answer.data }
    : { kind: 'unknown', detail: 'the answer lacks what it must have' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
