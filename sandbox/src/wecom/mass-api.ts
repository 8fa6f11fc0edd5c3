import {
  type ApiHandler,
  ApiRefusal,
  contactKey,
  contentIn,
  knownMember,
  type MassTask,
  makeId,
  textIn,
  textsIn,
  type WecomState,
} from './wecom-state.ts'

const RECEIVERS_MAX = 10_000
const TEXT_BYTES_MAX = 4000

/** Mass messages: a task that nothing leaves from until its member confirms it. */
export const MASS_API: Readonly<Record<string, ApiHandler>> = {
  'externalcontact/add_msg_template': (state, { body }) => {
    const sender = knownMember(state, textIn(body, 'sender'))
    const asked = textsIn(body, 'external_userid')
    if (asked.length === 0 || asked.length > RECEIVERS_MAX) throw new ApiRefusal(40058, 'receivers')
    const known = asked.filter((id) => isContact(state, sender, id))
    if (known.length === 0) throw new ApiRefusal(41048, 'no customer to send to')
    const msgid = makeId(state, 'msg')
    state.tasks.set(msgid, {
      msgid,
      sender,
      createdAt: state.clock.now(),
      text: contentIn(body, TEXT_BYTES_MAX),
      receivers: new Map(known.map((id) => [id, { status: 0, sentAt: 0 }])),
      isCancelled: false,
    })
    return { fail_list: asked.filter((id) => !known.includes(id)), msgid }
  },
  'externalcontact/get_groupmsg_list_v2': (state, { body }) => {
    const [from, until] = [Number(body.start_time), Number(body.end_time)]
    if (!(until >= from)) throw new ApiRefusal(40058, 'start_time and end_time')
    const found = [...state.tasks.values()].filter(({ sender, createdAt }) => {
      const seconds = Math.floor(createdAt / 1000)
      const isCreators = body.creator === undefined || body.creator === sender
      return isCreators && seconds >= from && seconds <= until
    })
    return {
      next_cursor: '',
      group_msg_list: found.map(({ msgid, sender, createdAt, text }) => ({
        msgid,
        creator: sender,
        create_time: String(Math.floor(createdAt / 1000)),
        create_type: 0,
        text: { content: text },
      })),
    }
  },
  'externalcontact/get_groupmsg_task': (state, { body }) => {
    const task = taskOf(state, body)
    const sent = [...task.receivers.values()].find(({ status }) => status !== 0)
    const done = sent === undefined ? {} : { send_time: Math.floor(sent.sentAt / 1000) }
    return {
      next_cursor: '',
      task_list: [{ userid: task.sender, status: sent === undefined ? 0 : 2, ...done }],
    }
  },
  'externalcontact/get_groupmsg_send_result': (state, { body }) => {
    const task = taskOf(state, body)
    const userid = textIn(body, 'userid')
    const rows = [...task.receivers].map(([externalUserid, { status, sentAt }]) => ({
      external_userid: externalUserid,
      userid,
      status,
      ...(status === 1 ? { send_time: Math.floor(sentAt / 1000) } : {}),
    }))
    return { next_cursor: '', send_list: userid === task.sender ? rows : [] }
  },
  'externalcontact/cancel_groupmsg_send': (state, { body }) => {
    taskOf(state, body).isCancelled = true
    return {}
  },
  'externalcontact/remind_groupmsg_send': (state, { body }) => {
    taskOf(state, body)
    return {}
  },
}

function taskOf(state: WecomState, body: Readonly<Record<string, unknown>>): MassTask {
  const task = state.tasks.get(textIn(body, 'msgid'))
  if (task === undefined) throw new ApiRefusal(41043, 'invalid msgid')
  return task
}

function isContact(state: WecomState, userid: string, externalUserid: string): boolean {
  return (
    state.options.isWindowOpen === true || state.contacts.has(contactKey(userid, externalUserid))
  )
}

/** The member taps «send»: each customer who is still a contact gets it alone. How many got it. */
export function confirmTask(state: WecomState, msgid: string): number {
  const task = state.tasks.get(msgid)
  if (task === undefined || task.isCancelled) return 0
  let sent = 0
  for (const [externalUserid, receiver] of task.receivers) {
    if (receiver.status !== 0) continue
    receiver.status = isContact(state, task.sender, externalUserid) ? 1 : 2
    receiver.sentAt = state.clock.now()
    if (receiver.status !== 1) continue
    sent += 1
    state.options.onText?.({ to: externalUserid, text: task.text })
  }
  return sent
}
