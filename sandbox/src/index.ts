export { createWorldClock, type WorldClock } from './clock.ts'
export { type CloudSms, startCloudSms } from './cloud-sms/cloud-sms.ts'
export { type EslServer, startEslServer } from './esl/esl-server.ts'
export type { IsmgOptions } from './ismg/gateway.ts'
export { type Ismg, startIsmg } from './ismg/ismg.ts'
export type { IsmgMisbehaviour } from './ismg/misbehaviour.ts'
export { type ImapServer, startImapServer } from './mail/imap-server.ts'
export {
  type Mail,
  type MailMisbehaviour,
  type MailServer,
  startMailServer,
} from './mail/mail-server.ts'
export {
  bounceMail,
  complainOfMail,
  type Inbox,
  putIntoMailbox,
  replyByMail,
} from './mail/write-mail.ts'
export { runSandbox, type Sandbox, type SandboxOptions } from './run-sandbox.ts'
export type { Misbehaviour } from './smsc/misbehaviour.ts'
export { type PhoneMessage, type Smsc, type SmscOptions, startSmsc } from './smsc/smsc.ts'
export type { SubmitEntry, SubmitLog } from './smsc/submit-log.ts'
export type { WechatPayMisbehaviour } from './wechat-pay/misbehaviour.ts'
export type { WechatPayOptions } from './wechat-pay/pay-state.ts'
export { startWechatPayServer, type WechatPayServer } from './wechat-pay/wechat-pay-server.ts'
export type { WecomMisbehaviour } from './wecom/misbehaviour.ts'
export { startWecomServer, type WecomServer } from './wecom/wecom-server.ts'
export type { WecomOptions } from './wecom/wecom-state.ts'
