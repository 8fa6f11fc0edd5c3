import type { Clock } from '@dunlin/kernel'
import { type CloudSms, startCloudSms } from '../../../../sandbox/src/index.ts'
import type { Channel } from '../channel.ts'
import { testPermit } from '../channel-contract.ts'
import type { Permit, PermitFields } from '../permit.ts'
import { aliyunVendor } from './aliyun.ts'
import { aliyunSettings, tencentSettings } from './cloud-settings.ts'
import { createCloudSmsChannel } from './send.ts'
import { tencentVendor } from './tencent.ts'

// A cloud with one approved template, an account at it, and permits that fit the template.

const SIGN = '示例消费金融'
const SECRET = 'secret-of-the-account'
const TEMPLATES = {
  aliyun: { code: 'SMS_1', text: `您好，您申请的对账单\${number}已生成，请登录App查看。` },
  tencent: { code: '1110', text: '您好，您申请的对账单{1}已生成，请登录App查看。' },
} as const
const SECRETS = { keyId: 'key', keySecret: SECRET, callbackToken: 'x'.repeat(20) }

export async function aCloudChannel(
  vendor: 'aliyun' | 'tencent',
  clock: Clock,
): Promise<{ readonly channel: Channel; readonly cloud: CloudSms }> {
  const template = TEMPLATES[vendor]
  const templates = { [template.code]: template.text }
  const cloud = await startCloudSms({ vendor, port: 0, clock, secret: SECRET, templates })
  const common = {
    ...{ apiUrl: cloud.url, signName: SIGN, templates: [template] },
    ...{ window: 8, answerWaitMs: 1000 },
  }
  const account = { accountId: '1', name: vendor, collectionContent: false }
  if (vendor === 'aliyun') {
    const settings = aliyunSettings.parse(common)
    const made = { account, settings, vendor: aliyunVendor(settings, SECRETS), clock }
    return { cloud, channel: createCloudSmsChannel(made) }
  }
  const settings = tencentSettings.parse({ ...common, appId: '1400006666' })
  const made = { account, settings, vendor: tencentVendor(settings, SECRETS), clock }
  return { cloud, channel: createCloudSmsChannel(made) }
}

/** A permit whose text the template gives: its number is the permit's own. */
export function cloudPermit(change: Partial<PermitFields> = {}): Permit {
  const permit = testPermit(change)
  const text = `【${SIGN}】您好，您申请的对账单${permit.permitId}已生成，请登录App查看。`
  const content = { language: 'zh-CN', subject: null, text, html: null }
  return testPermit({ ...change, permitId: permit.permitId, content })
}
