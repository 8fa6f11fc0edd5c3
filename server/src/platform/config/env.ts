/** The only place that sees the environment. Unset and empty are the same. */
export function readEnv(name: string): string | undefined {
  const value = process.env[name]
  return value === undefined || value === '' ? undefined : value
}
