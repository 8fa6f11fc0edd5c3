/** `19900001234` → `199****1234`; short numbers keep only the last two digits. */
export function maskPhone(phone: string): string {
  return phone.length >= 8
    ? `${phone.slice(0, phone.length - 8)}****${phone.slice(-4)}`
    : `****${phone.slice(-2)}`
}

/** `wang.wei@example.com` → `w***@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`
}

/** `王小明` → `王**`; `Wei Wang` → `W***`. */
export function maskName(name: string): string {
  const [first = ''] = name
  if (/\p{Script=Han}/u.test(first)) return first + '*'.repeat(Math.max(1, [...name].length - 1))
  return `${first}***`
}

/** Identity numbers keep their last two characters. */
export function maskIdentity(value: string): string {
  return `${'*'.repeat(Math.max(4, value.length - 2))}${value.slice(-2)}`
}
