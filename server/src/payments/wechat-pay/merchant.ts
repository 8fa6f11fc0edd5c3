import { type Clock, Secret } from '@dunlin/kernel'
import type { Sealer } from '../../platform/seal/index.ts'
import { createWechatPayApi, type WechatPayApi } from './api-client.ts'
import { type MerchantSigner, openMerchantSigner } from './sign-message.ts'
import {
  type WechatPaySettings,
  wechatPaySecrets,
  wechatPaySettings,
} from './wechat-pay-settings.ts'

/** An account of WeChat Pay that is open. */
export type Merchant = {
  readonly accountId: string
  readonly name: string
  readonly settings: WechatPaySettings
  readonly signer: MerchantSigner
  readonly apiKey: Secret<string>
  readonly api: WechatPayApi
}
export type MerchantRow = {
  readonly accountId: string
  readonly name: string
  readonly settings: unknown
  readonly sealedSecrets: Buffer | null
}

/** Opens an account. Throws with the field named when its settings or secrets are wrong. */
export function openMerchant(
  row: MerchantRow,
  { sealer, clock }: { sealer: Sealer; clock: Clock },
): Merchant {
  const settings = wechatPaySettings.parse(row.settings)
  const given: unknown =
    row.sealedSecrets === null ? {} : JSON.parse(sealer.open(row.sealedSecrets))
  const secrets = wechatPaySecrets.parse(given)
  const signer = openMerchantSigner({
    merchantId: settings.merchantId,
    serial: settings.merchantSerial,
    privateKey: new Secret(secrets.merchantKey),
  })
  const apiKey = new Secret(secrets.apiV3Key)
  const api = createWechatPayApi({ settings, signer, apiKey, clock })
  return { accountId: row.accountId, name: row.name, settings, signer, apiKey, api }
}
