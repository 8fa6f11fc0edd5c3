/** The work of the last text is kept: several rules read one text in turn. The same text gives the same value. */
export function rememberLast<Value>(work: (text: string) => Value): (text: string) => Value {
  let last: string | null = null
  let value: Value
  return (text) => {
    if (text !== last) {
      value = work(text)
      last = text
    }
    return value
  }
}
