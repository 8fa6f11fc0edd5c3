import { headerOf, isAcs3Signed, isTc3Signed, type SignedRequest } from './check-signature.ts'

/** What a cloud understood of a request to send. */
export type Asked = {
  readonly phone: string
  readonly signName: string
  readonly template: string
  readonly values: Readonly<Record<string, string>>
  readonly note: string
}

export type CloudVendor = {
  readonly isSigned: (request: SignedRequest, secret: string) => boolean
  readonly secondsOf: (request: SignedRequest) => number
  readonly read: (request: SignedRequest) => Asked
  readonly taken: (id: string, asked: Asked) => object
  readonly refused: (code: string) => object
  readonly codes: {
    readonly signature: string
    readonly throttled: string
    readonly number: string
    readonly words: string
    readonly template: string
    readonly strange: string
  }
  readonly makeId: (count: number) => string
  readonly report: (sent: Sent, isDelivered: boolean) => object
  readonly reply: (said: Said) => object
}

export type Sent = { readonly id: string; readonly asked: Asked }
export type Said = {
  readonly from: string
  readonly text: string
  readonly at: number
  readonly id: number
}

export const ALIYUN: CloudVendor = {
  isSigned: isAcs3Signed,
  secondsOf: (request) =>
    Temporal.Instant.from(headerOf(request, 'x-acs-date')).epochMilliseconds / 1000,
  read: ({ query }) => ({
    phone: query.get('PhoneNumbers') ?? '',
    signName: query.get('SignName') ?? '',
    template: query.get('TemplateCode') ?? '',
    values: textsOf(JSON.parse(query.get('TemplateParam') ?? '{}')),
    note: query.get('OutId') ?? '',
  }),
  taken: (id) => ({ Code: 'OK', Message: 'OK', BizId: id, RequestId: 'R' }),
  refused: (code) => ({ Code: code, Message: code, RequestId: 'R' }),
  codes: {
    signature: 'SignatureDoesNotMatch',
    throttled: 'Throttling.User',
    number: 'isv.MOBILE_NUMBER_ILLEGAL',
    words: 'isv.BLACK_KEY_CONTROL_LIMIT',
    template: 'isv.SMS_TEMPLATE_ILLEGAL',
    strange: 'isp.SYSTEM_ERROR',
  },
  makeId: (count) => `${900_619_746_936_498_000n + BigInt(count)}^0`,
  report: ({ id, asked }, isDelivered) => ({
    ...{ phone_number: asked.phone, send_time: '2026-11-24 12:00:00', biz_id: id },
    ...{ report_time: '2026-11-24 12:00:01', success: isDelivered, out_id: asked.note },
    ...{ err_code: isDelivered ? 'DELIVERED' : 'MK:0005', err_msg: '', sms_size: '1' },
  }),
  reply: ({ from, text, id }) => ({
    ...{ phone_number: from, send_time: '2026-11-24 12:00:00', content: text },
    ...{ sign_name: '', dest_code: '10690001', sequence_id: id },
  }),
}

export const TENCENT: CloudVendor = {
  isSigned: isTc3Signed,
  secondsOf: (request) => Number(headerOf(request, 'x-tc-timestamp')),
  read: ({ body }) => {
    const given = JSON.parse(body)
    const values: readonly string[] = given.TemplateParamSet
    return {
      phone: String(given.PhoneNumberSet[0]),
      signName: String(given.SignName),
      template: String(given.TemplateId),
      values: Object.fromEntries(values.map((value, index) => [String(index + 1), value])),
      note: String(given.SessionContext),
    }
  },
  taken: (id, { phone, note }) => ({
    Response: {
      SendStatusSet: [
        ...[{ SerialNo: id, PhoneNumber: phone, Fee: 1, SessionContext: note, Code: 'Ok' }],
      ],
      RequestId: 'R',
    },
  }),
  refused: (code) =>
    /^(FailedOperation|LimitExceeded)/.test(code)
      ? { Response: { SendStatusSet: [{ SerialNo: '', Code: code }], RequestId: 'R' } }
      : { Response: { Error: { Code: code, Message: code }, RequestId: 'R' } },
  codes: {
    signature: 'AuthFailure.SignatureFailure',
    throttled: 'RequestLimitExceeded',
    number: 'FailedOperation.PhoneNumberInBlacklist',
    words: 'FailedOperation.ContainSensitiveWord',
    template: 'FailedOperation.TemplateIncorrectOrUnapproved',
    strange: 'InternalError.Timeout',
  },
  makeId: (count) => `5000:${10_450_000 + count}`,
  report: ({ id, asked }, isDelivered) => ({
    ...{ user_receive_time: '2026-11-24 12:00:01', nationcode: '86', mobile: asked.phone.slice(3) },
    ...{ report_status: isDelivered ? 'SUCCESS' : 'FAIL', description: '', sid: id },
    errmsg: isDelivered ? 'DELIVRD' : 'MK:0005',
  }),
  reply: ({ from, text, at }) => ({
    ...{ extend: '', mobile: from.replace(/^\+86/, ''), nationcode: '86', sign: '', text },
    time: Math.floor(at / 1000),
  }),
}

function textsOf(given: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
}
