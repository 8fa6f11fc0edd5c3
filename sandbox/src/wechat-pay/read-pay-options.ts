import { numberField, textField } from '../control/read-body.ts'
import type { WechatPayOptions } from './pay-state.ts'

/** The options of a JSON file; RangeError names what is missing. */
export function readPayOptions(given: unknown): Omit<WechatPayOptions, 'clock' | 'onTrouble'> {
  return {
    port: numberField(given, 'port') ?? 0,
    merchantId: textField(given, 'merchantId'),
    appId: textField(given, 'appId'),
    merchantSerial: textField(given, 'merchantSerial'),
    merchantPublicKey: textField(given, 'merchantPublicKey'),
    apiV3Key: textField(given, 'apiV3Key'),
    platformKey: textField(given, 'platformKey'),
    publicKeyId: textField(given, 'publicKeyId'),
  }
}
