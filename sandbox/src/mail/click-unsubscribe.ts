import type { Mail } from './mail-server.ts'

const ANSWER_WAIT_MS = 5_000

/**
 * Presses the unsubscribe button of a mail program (RFC 8058). The world reaches no further than this
 * machine, so only an address on it is called. Whether a click was possible and taken.
 */
export async function clickUnsubscribe(mail: Mail): Promise<boolean> {
  const head = mail.raw.toString('latin1').split('\r\n\r\n')[0] ?? ''
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ')
  const url = /^List-Unsubscribe:.*?<(https?:[^>]+)>/im.exec(unfolded)?.[1]
  if (url === undefined || !/^List-Unsubscribe-Post:/im.test(unfolded)) return false
  if (!['localhost', '127.0.0.1'].includes(new URL(url).hostname)) return false
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WAIT_MS),
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })
  return answer.ok
}
