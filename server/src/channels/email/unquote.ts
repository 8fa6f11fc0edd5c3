const INTRODUCES_QUOTE = [
  /^On .{4,200}wrote:\s*$/,
  /^在.{4,200}写道[:：]\s*$/,
  /^.{0,200}于.{4,200}写道[:：]\s*$/,
  /^-{2,}\s*(Original Message|原始邮件|原邮件|Forwarded message|转发邮件)\s*-{2,}/i,
  /^_{10,}\s*$/,
  /^(发件人|From)[:：] .+/,
]

/** What the person wrote above the quoted mail. A mail that is nothing but a quote gives an empty text. */
export function unquote(text: string): string {
  const lines = text.split(/\r?\n/)
  const end = lines.findIndex(
    (line) => line.startsWith('>') || INTRODUCES_QUOTE.some((pattern) => pattern.test(line.trim())),
  )
  return (end < 0 ? lines : lines.slice(0, end)).join('\n').trim()
}
