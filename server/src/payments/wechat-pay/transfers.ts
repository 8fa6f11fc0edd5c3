import { z } from 'zod'
import type { PayAnswer } from './api-client.ts'
import type { Merchant } from './merchant.ts'
import { TRANSFER_STATES, type TransferResource, transferShape } from './resources.ts'

const BASE = '/v3/fund-app/mch-transfer/transfer-bills'

export type TransferTerms = {
  readonly outBillNo: string
  readonly sceneId: string
  readonly openid: string
  readonly amountMinor: number
  /** Up to 32 characters; the user sees it. */
  readonly remark: string
  /** What is reported of the scene: for 1000, the activity's name and the reason of the reward. */
  readonly activity: string
  readonly reward: string
}

/** Asks for a transfer under its number; the user confirms it in WeChat within a day, or it fails. */
export function placeTransfer(
  { api, settings }: Merchant,
  terms: TransferTerms,
): Promise<PayAnswer<TransferResource>> {
  return api.call({
    method: 'POST',
    path: BASE,
    body: {
      appid: settings.appId,
      out_bill_no: terms.outBillNo,
      transfer_scene_id: terms.sceneId,
      openid: terms.openid,
      transfer_amount: terms.amountMinor,
      transfer_remark: terms.remark,
      notify_url: settings.notifyUrl,
      user_recv_perception: '现金奖励',
      transfer_scene_report_infos: [
        { info_type: '活动名称', info_content: terms.activity },
        { info_type: '奖励说明', info_content: terms.reward },
      ],
    },
    answer: transferShape,
  })
}

/** What has become of a transfer; the platform knows it for thirty days. */
export function askTransfer(
  { api }: Merchant,
  outBillNo: string,
): Promise<PayAnswer<TransferResource>> {
  const path = `${BASE}/out-bill-no/${encodeURIComponent(outBillNo)}`
  return api.call({ method: 'GET', path, answer: transferShape })
}

/** Takes back a transfer that the user has not confirmed; the state it is in afterwards. */
export function cancelTransfer(
  { api }: Merchant,
  outBillNo: string,
): Promise<PayAnswer<{ state: TransferResource['state'] }>> {
  return api.call({
    method: 'POST',
    path: `${BASE}/out-bill-no/${encodeURIComponent(outBillNo)}/cancel`,
    body: {},
    answer: z.object({ state: z.enum(TRANSFER_STATES) }),
  })
}
