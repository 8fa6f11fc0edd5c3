/** Where a WeCom message goes: through a member who is the customer's contact, or a customer-service account. */
export type WecomAddress = {
  readonly via: 'mass' | 'kf'
  /** The member's userid, or the open_kfid. */
  readonly through: string
  readonly externalUserid: string
}

const FORM = /^(mass|kf)\/([A-Za-z0-9_.@-]{1,64})\/([A-Za-z0-9_-]{1,64})$/

/** `mass/zhangsan/wmAbc`: how a contact point keeps it. */
export function formatAddress({ via, through, externalUserid }: WecomAddress): string {
  return `${via}/${through}/${externalUserid}`
}

/** Null when it is no address of ours. */
export function parseAddress(text: string): WecomAddress | null {
  const [, via, through, externalUserid] = FORM.exec(text) ?? []
  if (through === undefined || externalUserid === undefined) return null
  return { via: via === 'kf' ? 'kf' : 'mass', through, externalUserid }
}

/** Shows which kind it is and no more of the person than the end of an opaque id. */
export function maskAddress({ via, externalUserid }: WecomAddress): string {
  return `${via}/****${externalUserid.slice(-4)}`
}
