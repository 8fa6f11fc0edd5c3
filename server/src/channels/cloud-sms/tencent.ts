import { z } from 'zod'
import type { CloudSecrets, TencentSettings } from './cloud-settings.ts'
import { signTc3 } from './sign.ts'
import { fateOfCode, type Vendor } from './vendor.ts'

const API_URL = 'https://sms.tencentcloudapi.com'
const CONTENT_TYPE = 'application/json; charset=utf-8'
const answerShape = z.object({
  Response: z.object({
    Error: z.object({ Code: z.string() }).optional(),
    SendStatusSet: z.array(z.object({ Code: z.string(), SerialNo: z.string() })).optional(),
  }),
})

const ACCOUNT =
  /^(AuthFailure|UnauthorizedOperation|RequestLimitExceeded|ResourceUnavailable|FailedOperation\.InsufficientBalanceInSmsPackage|LimitExceeded\.(App|Daily)|UnsupportedRegion)/
const MESSAGE =
  /^(FailedOperation|LimitExceeded|InvalidParameter|InvalidParameterValue|MissingParameter|UnsupportedOperation)(\.|$)/

/** Tencent Cloud SMS, API 2021-01-11, one number a request; the code of the number is what counts. */
export function tencentVendor(settings: TencentSettings, secrets: CloudSecrets): Vendor {
  const url = settings.apiUrl ?? API_URL
  const { host } = new URL(url)
  return {
    name: 'tencent',
    request: ({ phone, template, permitId, nowMs }) => {
      const body = JSON.stringify({
        PhoneNumberSet: [phone],
        SmsSdkAppId: settings.appId,
        TemplateId: template.code,
        SignName: settings.signName,
        TemplateParamSet: Object.entries(template.values)
          .sort(([one], [two]) => Number(one) - Number(two))
          .map(([, value]) => value),
        SessionContext: permitId,
      })
      const timestamp = Math.floor(nowMs / 1000)
      const signed = {
        service: 'sms',
        host,
        action: 'SendSms',
        contentType: CONTENT_TYPE,
        timestamp,
        body,
      }
      return {
        url: `${url}/`,
        method: 'POST',
        headers: {
          host,
          'content-type': CONTENT_TYPE,
          'x-tc-action': 'SendSms',
          'x-tc-version': '2021-01-11',
          'x-tc-region': settings.region,
          'x-tc-timestamp': String(timestamp),
          authorization: signTc3(signed, { id: secrets.keyId, secret: secrets.keySecret }),
        },
        body,
      }
    },
    read: (body) => {
      const answer = answerShape.safeParse(body)
      if (!answer.success) return { fate: 'unknown', detail: 'the answer is no JSON of theirs' }
      const { Error: failure, SendStatusSet: [status] = [] } = answer.data.Response
      const code = failure?.Code ?? status?.Code ?? 'without a status'
      if (code !== 'Ok') return fateOfCode('tencent', code, { account: ACCOUNT, message: MESSAGE })
      return status === undefined || status.SerialNo === ''
        ? { fate: 'unknown', detail: 'the answer gave no SerialNo' }
        : { fate: 'accepted', providerMessageId: status.SerialNo, parts: 1 }
    },
  }
}
