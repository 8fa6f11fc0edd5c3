const YES =
  /^(?:嗯+|是|是的|对|对的|我是|是我|本人|我就是|我是本人|是本人|我就是本人|好|好的|可以|行|确认|yes|yeah|yep|correct|this is (?:he|she|me)|i am|ok(?:ay)?|confirm)$/i
const NO =
  /^(?:不是|不对|我不是|不是我|不是本人|不|不行|他不在|她不在|no|nope|not me|wrong|he is not here|she is not here)$/i
const SIGNS = /[\p{P}\p{Z}\p{S}]+/gu

/** A plain yes or no; null for everything longer, which is read as a sentence. */
export function yesOrNo(text: string): 'yes' | 'no' | null {
  const plain = text
    .normalize('NFKC')
    .replace(SIGNS, ' ')
    .trim()
    .replace(/[啊呀吧的呢哦]$/u, '')
  if (YES.test(plain)) return 'yes'
  return NO.test(plain) ? 'no' : null
}

const SPOKEN: Readonly<Record<string, string>> = {
  ...{ 零: '0', 〇: '0', 洞: '0', 一: '1', 幺: '1', 二: '2', 两: '2', 三: '3', 四: '4', 五: '5' },
  ...{ 六: '6', 七: '7', 拐: '7', 八: '8', 九: '9', 勾: '9', 叉: 'X' },
}

/** The last characters of an identity number as keys or speech give them: `*` and 叉 stand for X. */
export function identityEnd(said: string): string {
  const characters = [...said.normalize('NFKC').toUpperCase().replaceAll('*', 'X')]
  return characters
    .map((char) => SPOKEN[char] ?? char)
    .filter((char) => /[0-9X]/.test(char))
    .join('')
}

/** Whether what was said is the end of the number; a number that nobody knows fits nothing. */
export function fitsIdentity(said: string, idNo: string): boolean {
  const given = identityEnd(said)
  const known = idNo.normalize('NFKC').toUpperCase().trim()
  return given.length === 4 && known.length >= 4 && known.endsWith(given)
}
