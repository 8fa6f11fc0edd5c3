import type { Clock } from '@dunlin/kernel'
import { fetchFailure } from '../../platform/http/index.ts'
import type { Channel, ProviderAccount, SendResult } from '../channel.ts'
import type { Permit } from '../permit.ts'
import { segmentText } from '../sms/segment-text.ts'
import { createSubmitPacer } from '../sms/submit-pacer.ts'
import type { AliyunSettings, TencentSettings } from './cloud-settings.ts'
import { matchTemplate } from './match-template.ts'
import type { Vendor, VendorFate, VendorRequest } from './vendor.ts'

const ANSWER_BYTES_MAX = 100_000

type Options = {
  readonly account: ProviderAccount
  readonly settings: AliyunSettings | TencentSettings
  readonly vendor: Vendor
  readonly clock: Clock
}

export type CloudHealth = {
  readonly sent: number
  readonly failures: number
  readonly lastError: string | null
}

/**
 * SMS through a public cloud, for the content that its terms allow. These APIs know no idempotency key: a
 * request that may have arrived is `unknown` and is never made again.
 */
export function createCloudSmsChannel(options: Options): Channel & { health: () => CloudHealth } {
  const { account, settings } = options
  const counts: { sent: number; failures: number; lastError: string | null } = {
    ...{ sent: 0, failures: 0, lastError: null },
  }
  const pacer = createSubmitPacer({
    ...{ window: () => settings.window, throttleFirstMs: 0, throttleMaxMs: 0 },
  })
  return {
    name: 'sms',
    account,
    window: settings.window,
    countParts,
    send: (permits) =>
      Promise.all(
        permits.map(async (permit): Promise<SendResult> => {
          const fate = await pacer.run(() => sendOne(options, permit))
          if (fate.fate === 'accepted') counts.sent += 1
          else {
            counts.failures += 1
            counts.lastError = fate.detail
          }
          return { permitId: permit.permitId, ...fate }
        }),
      ),
    health: () => ({ ...counts }),
    close: async () => undefined,
  }
}

/** Clouds bill mainland texts by 70 and 67 letters, whatever the letters are. */
function countParts(text: string): number | null {
  try {
    return segmentText(text, 'ucs2').parts.length
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

async function sendOne({ settings, vendor, clock }: Options, permit: Permit): Promise<VendorFate> {
  const nowMs = clock.now()
  if (nowMs >= permit.expiresAt) return { fate: 'not-sent', detail: 'the permit has expired' }
  const template = matchTemplate(permit.content.text, settings)
  const parts = countParts(permit.content.text)
  if (template === null || parts === null) {
    const detail = 'no approved template gives this text with this signature'
    return { fate: 'rejected', code: `${vendor.name}.no_template`, detail }
  }
  const phone = permit.address.reveal()
  const request = vendor.request({ phone, template, permitId: permit.permitId, nowMs })
  const fate = await exchange(vendor, request, settings.answerWaitMs)
  return fate.fate === 'accepted' ? { ...fate, parts } : fate
}

async function exchange(
  vendor: Vendor,
  { url, method, headers, body }: VendorRequest,
  answerWaitMs: number,
): Promise<VendorFate> {
  try {
    const signal = AbortSignal.timeout(answerWaitMs)
    const response = await fetch(url, { method, headers, body, signal, redirect: 'error' })
    const text = await response.text()
    return vendor.read(text.length > ANSWER_BYTES_MAX ? null : parseJson(text))
  } catch (error) {
    const { kind, detail } = fetchFailure(error)
    return { fate: kind, detail }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
