import { z } from 'zod'
import type { ApiAnswer, WecomApi } from './api-client.ts'

// The calls that the product makes, each with the vendor's words on one side and ours on the other.

const nothing = z.object({})
const once = { method: 'POST', isRepeatable: false } as const
const again = { method: 'POST', isRepeatable: true } as const

/** A QR code for one member that carries `state` back when it is used. The id is given this once. */
export function addContactWay(
  api: WecomApi,
  way: { readonly userid: string; readonly state: string },
): Promise<ApiAnswer<{ config_id: string; qr_code: string }>> {
  return api.call({
    ...once,
    path: 'externalcontact/add_contact_way',
    body: { type: 1, scene: 2, skip_verify: true, state: way.state, user: [way.userid] },
    answer: z.object({ config_id: z.string(), qr_code: z.string() }),
  })
}

/** An acquisition link to one member; `customer_channel` is put behind it for each borrower. */
export function createAcquisitionLink(
  api: WecomApi,
  link: { readonly name: string; readonly userid: string },
): Promise<ApiAnswer<{ link: { link_id: string; url: string } }>> {
  return api.call({
    ...once,
    path: 'externalcontact/customer_acquisition/create_link',
    body: { link_name: link.name, range: { user_list: [link.userid] }, skip_verify: true },
    answer: z.object({ link: z.object({ link_id: z.string(), url: z.string() }) }),
  })
}

export function sendWelcome(
  api: WecomApi,
  welcome: { readonly code: string; readonly text: string },
): Promise<ApiAnswer<unknown>> {
  return api.call({
    ...once,
    path: 'externalcontact/send_welcome_msg',
    body: { welcome_code: welcome.code, text: { content: welcome.text } },
    answer: nothing,
  })
}

/** A task for a member to send one text to one customer. */
export function addMassTask(
  api: WecomApi,
  task: { readonly sender: string; readonly externalUserid: string; readonly text: string },
): Promise<ApiAnswer<{ msgid: string; fail_list?: string[] | undefined }>> {
  return api.call({
    ...once,
    path: 'externalcontact/add_msg_template',
    body: {
      chat_type: 'single',
      external_userid: [task.externalUserid],
      sender: task.sender,
      text: { content: task.text },
    },
    answer: z.object({ msgid: z.string(), fail_list: z.array(z.string()).optional() }),
  })
}

const sendResult = z.object({
  send_list: z.array(
    z.object({
      external_userid: z.string().optional(),
      status: z.int(),
      send_time: z.int().optional(),
    }),
  ),
})
export type MassResult = z.infer<typeof sendResult>

/** Status 0 waits, 1 sent, 2 no longer a contact, 3 has had another mass message. */
export function readMassResult(
  api: WecomApi,
  of: { readonly msgid: string; readonly sender: string },
): Promise<ApiAnswer<MassResult>> {
  return api.call({
    ...again,
    path: 'externalcontact/get_groupmsg_send_result',
    body: { msgid: of.msgid, userid: of.sender, limit: 1000 },
    answer: sendResult,
  })
}

export function cancelMassTask(api: WecomApi, msgid: string): Promise<ApiAnswer<unknown>> {
  return api.call({
    ...again,
    path: 'externalcontact/cancel_groupmsg_send',
    body: { msgid },
    answer: nothing,
  })
}

const taskList = z.object({ group_msg_list: z.array(z.looseObject({ msgid: z.string() })) })

/** Tasks made for a member between two moments, in seconds. */
export function listMassTasks(
  api: WecomApi,
  of: { readonly sender: string; readonly fromSeconds: number; readonly untilSeconds: number },
): Promise<ApiAnswer<z.infer<typeof taskList>>> {
  return api.call({
    ...again,
    path: 'externalcontact/get_groupmsg_list_v2',
    body: {
      chat_type: 'single',
      start_time: of.fromSeconds,
      end_time: of.untilSeconds,
      creator: of.sender,
      filter_type: 0,
      limit: 100,
    },
    answer: taskList,
  })
}

/** `msgid` is ours: the same twice is one message. */
export function sendKfText(
  api: WecomApi,
  message: {
    readonly openKfid: string
    readonly externalUserid: string
    readonly msgid: string
    readonly text: string
  },
): Promise<ApiAnswer<{ msgid: string }>> {
  return api.call({
    ...again,
    path: 'kf/send_msg',
    body: {
      touser: message.externalUserid,
      open_kfid: message.openKfid,
      msgid: message.msgid,
      msgtype: 'text',
      text: { content: message.text },
    },
    answer: z.object({ msgid: z.string() }),
  })
}

/** The welcome of a customer-service account: once for a code that lives 20 seconds. */
export function sendKfWelcome(
  api: WecomApi,
  welcome: { readonly code: string; readonly msgid: string; readonly text: string },
): Promise<ApiAnswer<unknown>> {
  return api.call({
    ...once,
    path: 'kf/send_msg_on_event',
    body: {
      code: welcome.code,
      msgid: welcome.msgid,
      msgtype: 'text',
      text: { content: welcome.text },
    },
    answer: nothing,
  })
}

/** The link to a customer-service account; `scene_param` is put behind it for each borrower. */
export function addKfLink(api: WecomApi, openKfid: string): Promise<ApiAnswer<{ url: string }>> {
  return api.call({
    ...again,
    path: 'kf/add_contact_way',
    body: { open_kfid: openKfid, scene: 'dunlin' },
    answer: z.object({ url: z.string() }),
  })
}

const kfItem = z.looseObject({
  msgid: z.string(),
  send_time: z.int(),
  origin: z.int().optional(),
  msgtype: z.string(),
  external_userid: z.string().optional(),
  text: z.object({ content: z.string() }).optional(),
  event: z
    .looseObject({
      event_type: z.string(),
      external_userid: z.string().optional(),
      scene_param: z.string().optional(),
      welcome_code: z.string().optional(),
      fail_msgid: z.string().optional(),
      fail_type: z.int().optional(),
      reject_switch: z.int().optional(),
    })
    .optional(),
})
export type KfItem = z.infer<typeof kfItem>

const kfPage = z.object({
  next_cursor: z.string(),
  has_more: z.int(),
  msg_list: z.array(kfItem).default([]),
})

/** What customers wrote since `cursor`, and what happened; `token` comes with the callback. */
export function syncKf(
  api: WecomApi,
  from: { readonly openKfid: string; readonly cursor: string; readonly token: string },
): Promise<ApiAnswer<z.infer<typeof kfPage>>> {
  return api.call({
    ...again,
    path: 'kf/sync_msg',
    body: {
      open_kfid: from.openKfid,
      ...(from.cursor === '' ? {} : { cursor: from.cursor }),
      ...(from.token === '' ? {} : { token: from.token }),
      limit: 1000,
    },
    answer: kfPage,
  })
}

const groupSchema = z.object({
  group_chat: z.object({
    member_list: z.array(z.object({ userid: z.string(), type: z.int() })),
  }),
})

/** Who is in a group: type 1 is a member of ours, 2 an outsider. */
export function readGroup(
  api: WecomApi,
  chatId: string,
): Promise<ApiAnswer<z.infer<typeof groupSchema>>> {
  return api.call({
    ...again,
    path: 'externalcontact/groupchat/get',
    body: { chat_id: chatId, need_name: 0 },
    answer: groupSchema,
  })
}

/** Words that the client itself then refuses to send. */
export function addInterceptRule(
  api: WecomApi,
  rule: {
    readonly name: string
    readonly words: readonly string[]
    readonly members: readonly string[]
  },
): Promise<ApiAnswer<{ rule_id: string }>> {
  return api.call({
    ...once,
    path: 'externalcontact/add_intercept_rule',
    body: {
      rule_name: rule.name,
      word_list: [...rule.words],
      intercept_type: 1,
      applicable_range: { user_list: [...rule.members] },
    },
    answer: z.object({ rule_id: z.string() }),
  })
}
