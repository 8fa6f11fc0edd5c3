/** The forms under which a sender may be stored, best first: `8619900001234` and `19900001234` → `+86…`. */
export function senderForms(
  channel: 'sms' | 'email' | 'wecom',
  from: string,
  countryCode: string,
): readonly string[] {
  if (channel === 'email') return [from.trim().toLowerCase()]
  if (channel === 'wecom') return [from]
  const digits = from.replace(/\D/g, '')
  if (digits === '') return []
  if (from.trim().startsWith('+')) return [`+${digits}`]
  return [`+${countryCode}${digits.replace(/^0+/, '')}`, `+${digits}`]
}
