import { ProblemError } from '@dunlin/ui'

/** Has an archive made and saves it; a refusal is told on the page, which a plain link would leave. */
export async function takeArchive(address: string): Promise<void> {
  const answer = await fetch(address)
  if (!answer.ok) throw new ProblemError(answer.status, await answer.json().catch(() => ({})))
  const named = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')
  const url = URL.createObjectURL(await answer.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = named?.[1] ?? 'evidence.zip'
  link.click()
  URL.revokeObjectURL(url)
}
