/** Tells on stderr what a long bench is doing, so that stdout holds the figures alone. */
export function tell(text: string): void {
  const seconds = (performance.now() / 1000).toFixed(0)
  process.stderr.write(`bench ${seconds.padStart(5)} s  ${text}\n`)
}

/** A teller of a share, 0 to 1, that speaks at each tenth. */
export function tellTenths(what: string): (share: number) => void {
  let told = 0
  return (share) => {
    const tenth = Math.floor(share * 10)
    if (tenth > told) tell(`${what} ${tenth * 10} %`)
    told = Math.max(told, tenth)
  }
}
