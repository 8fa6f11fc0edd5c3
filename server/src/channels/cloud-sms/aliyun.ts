import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { AliyunSettings, CloudSecrets } from './cloud-settings.ts'
import { sha256, signAcs3 } from './sign.ts'
import { fateOfCode, type Vendor } from './vendor.ts'

const API_URL = 'https://dysmsapi.aliyuncs.com'
const answerShape = z.object({ Code: z.string(), BizId: z.string().min(1).optional() })

/** The account's keys, balance or rate: nothing of the message was taken. */
const ACCOUNT =
  /^(Throttling|Signature|InvalidAccessKeyId|InvalidTimeStamp|Forbidden|isp\.RAM_PERMISSION_DENY|isv\.(AMOUNT_NOT_ENOUGH|OUT_OF_SERVICE|PRODUCT_UN_SUBSCRIPT|ACCOUNT_|DENY_IP_RANGE|DAY_LIMIT_CONTROL|MONTH_LIMIT_CONTROL))/
const MESSAGE = /^(isv\.|MissingTemplate|InvalidParameter)/

/** Aliyun Dysmsapi, version 2017-05-25, one number a request: its BizId is then the message's id. */
export function aliyunVendor(settings: AliyunSettings, secrets: CloudSecrets): Vendor {
  const url = settings.apiUrl ?? API_URL
  const { host } = new URL(url)
  return {
    name: 'aliyun',
    request: ({ phone, template, permitId, nowMs }) => {
      const query = {
        PhoneNumbers: phone,
        SignName: settings.signName,
        TemplateCode: template.code,
        TemplateParam: JSON.stringify(template.values),
        RegionId: settings.regionId,
        // No idempotency key: it only comes back in receipts.
        OutId: permitId,
      }
      const headers = {
        host,
        'x-acs-action': 'SendSms',
        'x-acs-version': '2017-05-25',
        'x-acs-date': Temporal.Instant.fromEpochMilliseconds(nowMs).toString({
          smallestUnit: 'second',
        }),
        'x-acs-signature-nonce': randomUUID(),
        'x-acs-content-sha256': sha256(''),
      }
      const request = { method: 'POST' as const, query, headers, body: '' }
      const keys = { id: secrets.keyId, secret: secrets.keySecret }
      return {
        url: `${url}/?${new URLSearchParams(query)}`,
        method: 'POST',
        headers: { ...headers, authorization: signAcs3(request, keys) },
        body: '',
      }
    },
    read: (body) => {
      const answer = answerShape.safeParse(body)
      if (!answer.success) return { fate: 'unknown', detail: 'the answer is no JSON of theirs' }
      const { Code: code, BizId: id } = answer.data
      if (code !== 'OK') return fateOfCode('aliyun', code, { account: ACCOUNT, message: MESSAGE })
      return id === undefined
        ? { fate: 'unknown', detail: 'the answer gave no BizId' }
        : { fate: 'accepted', providerMessageId: id, parts: 1 }
    },
  }
}
