/** The work of the last text is kept: several rules read one text in turn. The same text gives the same value. */
export function rememberLast<Value>(work: (text: string) => Value): (text: string) => Value {
  let last: { readonly text: string; readonly value: Value } | null = null
  return (text) => {
    if (last?.text !== text) last = { text, value: work(text) }
    return last.value
  }
}
