import {
  type ApiHandler,
  ApiRefusal,
  contactKey,
  contentIn,
  knownMember,
  makeId,
  textIn,
  textsIn,
} from './wecom-state.ts'

const STATE_CHARS_MAX = 30
const WELCOME_MS = 20_000
const WELCOME_BYTES_MAX = 4000

/** Customer contact: ways to be added, welcome, reading, tags. */
export const CONTACT_API: Readonly<Record<string, ApiHandler>> = {
  'externalcontact/add_contact_way': (state, { body }) => {
    const users = textsIn(body, 'user').map((userid) => knownMember(state, userid))
    if (body.type === 1 && users.length !== 1) throw new ApiRefusal(40058, 'type 1 has one user')
    const token = textIn(body, 'state')
    if (token.length > STATE_CHARS_MAX) throw new ApiRefusal(40058, 'state too long')
    const configId = makeId(state, 'cfg')
    state.ways.set(configId, { state: token, users })
    return {
      config_id: configId,
      ...(body.scene === 2 ? { qr_code: `http://p.qpic.example/wwhead/${configId}/0` } : {}),
    }
  },
  'externalcontact/del_contact_way': (state, { body }) => {
    if (!state.ways.delete(textIn(body, 'config_id'))) throw new ApiRefusal(41044, 'no such way')
    return {}
  },
  'externalcontact/customer_acquisition/create_link': (state, { body }) => {
    const linkId = makeId(state, 'caxx')
    const range = typeof body.range === 'object' && body.range !== null ? { ...body.range } : {}
    const users = textsIn(range, 'user_list').map((userid) => knownMember(state, userid))
    state.links.set(linkId, { users })
    return {
      link: {
        link_id: linkId,
        link_name: textIn(body, 'link_name'),
        url: `https://work.weixin.qq.com/ca/${linkId}`,
        create_time: Math.floor(state.clock.now() / 1000),
      },
    }
  },
  'externalcontact/send_welcome_msg': (state, { body }) => {
    const code = textIn(body, 'welcome_code')
    const contact = [...state.contacts.values()].find(({ welcomeCode }) => welcomeCode === code)
    if (contact === undefined || state.clock.now() >= contact.addedAt + WELCOME_MS) {
      throw new ApiRefusal(41050, 'invalid welcome code')
    }
    if (contact.isWelcomed || contact.hasTalked) throw new ApiRefusal(41051, 'chat has begun')
    const text = contentIn(body, WELCOME_BYTES_MAX)
    contact.isWelcomed = true
    state.options.onText?.({ to: contact.externalUserid, text })
    return {}
  },
  'externalcontact/get': (state, { query }) => {
    const externalUserid = query.get('external_userid') ?? ''
    const follows = [...state.contacts.values()].filter(
      (contact) => contact.externalUserid === externalUserid,
    )
    if (follows.length === 0) throw new ApiRefusal(84061, 'not external contact')
    return {
      external_contact: { external_userid: externalUserid, name: '客户', type: 1, gender: 0 },
      follow_user: follows.map(({ userid, state: token, addedAt, tags }) => ({
        userid,
        remark: '',
        description: '',
        createtime: Math.floor(addedAt / 1000),
        tags: [...tags].map((id) => ({ tag_id: id, tag_name: state.tags.get(id), type: 1 })),
        remark_mobiles: [],
        add_way: 1,
        oper_userid: externalUserid,
        state: token,
      })),
    }
  },
  'externalcontact/add_corp_tag': (state, { body }) => {
    const given = Array.isArray(body.tag) ? body.tag : []
    const tags = given.map((tag: unknown) => {
      const id = makeId(state, 'et')
      const name = typeof tag === 'object' && tag !== null && 'name' in tag ? String(tag.name) : ''
      state.tags.set(id, name)
      return { id, name, create_time: Math.floor(state.clock.now() / 1000), order: 0 }
    })
    return {
      tag_group: { group_id: makeId(state, 'eg'), group_name: body.group_name ?? '', tag: tags },
    }
  },
  'externalcontact/mark_tag': (state, { body }) => {
    const key = contactKey(textIn(body, 'userid'), textIn(body, 'external_userid'))
    const contact = state.contacts.get(key)
    if (contact === undefined) throw new ApiRefusal(84061, 'not external contact')
    for (const id of textsIn(body, 'add_tag')) {
      if (!state.tags.has(id)) throw new ApiRefusal(40068, 'invalid tagid')
      contact.tags.add(id)
    }
    for (const id of textsIn(body, 'remove_tag')) contact.tags.delete(id)
    return {}
  },
  'externalcontact/groupchat/get': (state, { body }) => {
    const members = state.groups.get(textIn(body, 'chat_id'))
    if (members === undefined) throw new ApiRefusal(49008, 'no such group')
    return { group_chat: { chat_id: body.chat_id, name: '', owner: '', member_list: members } }
  },
  'externalcontact/add_intercept_rule': (state, { body }) => {
    state.interceptRules.push({
      name: textIn(body, 'rule_name'),
      words: textsIn(body, 'word_list'),
    })
    return { rule_id: makeId(state, 'rule') }
  },
  'externalcontact/add_moment_task': (state, { body }) => {
    const jobid = makeId(state, 'job')
    state.moments.set(jobid, contentIn(body, 6000))
    return { jobid }
  },
}
