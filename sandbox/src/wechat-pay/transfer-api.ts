import {
  amountOf,
  makeNumber,
  objectOf,
  type PayHandler,
  PayRefusal,
  type PayReply,
  type Transfer,
  textOf,
  timeText,
  type WechatPayState,
} from './pay-state.ts'

const BASE = '/v3/fund-app/mch-transfer/transfer-bills'
const NUMBER = /^[0-9A-Za-z]{5,32}$/
const REMARK_CHARS_MAX = 32
const MIN_MINOR = 10
/** The default limit of one transfer in the marketing scene. */
const MAX_MINOR = 20_000
const CONFIRM_MS = 24 * 3_600_000

export const TRANSFER_API: Readonly<Record<string, PayHandler>> = {
  [`POST ${BASE}`]: (state, { body, text }) => make(state, body, text),
  [`GET ${BASE}/out-bill-no/{}`]: (state, _request, number) => ({
    status: 200,
    value: transferOf(state, billOf(state, number)),
  }),
  [`POST ${BASE}/out-bill-no/{}/cancel`]: (state, _request, number) => {
    const bill = billOf(state, number)
    if (bill.state === 'WAIT_USER_CONFIRM') change(state, bill, 'CANCELLED')
    if (bill.state !== 'CANCELLED')
      throw new PayRefusal(400, 'INVALID_REQUEST', '当前转账单据状态不支持撤销')
    const { outBillNo, transferBillNo, updatedAt } = bill
    const update_time = timeText(updatedAt)
    const numbers = { out_bill_no: outBillNo, transfer_bill_no: transferBillNo }
    return { status: 200, value: { ...numbers, state: bill.state, update_time } }
  },
}

function make(
  state: WechatPayState,
  body: Readonly<Record<string, unknown>>,
  text: string,
): PayReply {
  if (body.appid !== state.options.appId)
    throw new PayRefusal(400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配')
  const outBillNo = textOf(body, 'out_bill_no')
  if (!NUMBER.test(outBillNo)) throw new PayRefusal(400, 'PARAM_ERROR', '商户单号格式错误')
  const known = state.transfers.get(outBillNo)
  if (known !== undefined) {
    if (known.request !== text) throw new PayRefusal(400, 'INVALID_REQUEST', '商户单号重复')
    return { status: 200, value: madeOf(known) }
  }
  const amountMinor = amountOf(body.transfer_amount)
  if (amountMinor < MIN_MINOR || amountMinor > MAX_MINOR)
    throw new PayRefusal(403, 'RULE_LIMIT', '超出单笔限额')
  if (textOf(body, 'transfer_remark').length > REMARK_CHARS_MAX)
    throw new PayRefusal(400, 'PARAM_ERROR', '转账备注过长')
  checkScene(body)
  const at = state.clock.now()
  const bill: Transfer = {
    outBillNo,
    transferBillNo: makeNumber(state, '133'),
    openid: textOf(body, 'openid'),
    amountMinor,
    notifyUrl: typeof body.notify_url === 'string' ? body.notify_url : null,
    request: text,
    madeAt: at,
    state: 'WAIT_USER_CONFIRM',
    updatedAt: at,
    failReason: null,
  }
  state.transfers.set(outBillNo, bill)
  return { status: 200, value: madeOf(bill) }
}

/** Scene 1000 wants exactly the activity's name and the reason of the reward. */
function checkScene(body: Readonly<Record<string, unknown>>): void {
  if (body.transfer_scene_id !== '1000') throw new PayRefusal(403, 'NO_AUTH', '转账场景未申请')
  const infos = body.transfer_scene_report_infos
  const types = Array.isArray(infos) ? infos.map((info) => objectOf(info).info_type) : []
  if (types.join() !== '活动名称,奖励说明')
    throw new PayRefusal(400, 'PARAM_ERROR', '转账场景报备信息不符')
}

function madeOf(bill: Transfer): object {
  return {
    out_bill_no: bill.outBillNo,
    transfer_bill_no: bill.transferBillNo,
    create_time: timeText(bill.madeAt),
    state: bill.state,
    package_info: Buffer.from(`package of ${bill.transferBillNo}`).toString('base64'),
  }
}

/** A transfer by its number; failed when the user let 24 hours pass. */
export function billOf(state: WechatPayState, number: string): Transfer {
  const bill = state.transfers.get(number)
  if (bill === undefined) throw new PayRefusal(404, 'NOT_FOUND', '记录不存在')
  if (bill.state === 'WAIT_USER_CONFIRM' && state.clock.now() >= bill.madeAt + CONFIRM_MS) {
    change(state, bill, 'FAIL')
    bill.failReason = 'OVERDUE_CLOSE'
  }
  return bill
}

export function change(state: WechatPayState, bill: Transfer, to: Transfer['state']): void {
  bill.state = to
  bill.updatedAt = state.clock.now()
}

export function transferOf({ options }: WechatPayState, bill: Transfer): object {
  return {
    mch_id: options.merchantId,
    out_bill_no: bill.outBillNo,
    transfer_bill_no: bill.transferBillNo,
    appid: options.appId,
    state: bill.state,
    transfer_amount: bill.amountMinor,
    transfer_remark: '',
    openid: bill.openid,
    create_time: timeText(bill.madeAt),
    update_time: timeText(bill.updatedAt),
    ...(bill.failReason === null ? {} : { fail_reason: bill.failReason }),
  }
}
