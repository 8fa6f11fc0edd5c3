import { civil, type Instant, localDay, required, zoneNamed } from '@dunlin/kernel'
import type { PdfBlock } from '../../platform/pdf/index.ts'
import type { PermitContent } from '../permit.ts'
import type { LetterSettings } from './letter-settings.ts'

export type Letter = {
  readonly content: PermitContent
  readonly address: string
  readonly addressee: string
  readonly sender: LetterSettings['sender']
  readonly seal: Buffer | null
  readonly reference: string
  readonly at: Instant
}

/** A letter from top to bottom: the window with address and addressee, subject, words, signature and seal. */
export function letterBlocks(letter: Letter): PdfBlock[] {
  const { content, address, addressee, sender, seal, reference } = letter
  const isEnglish = content.language === 'en'
  const { name } = sender
  const subject = content.subject ?? ''
  return [
    { kind: 'small', text: `${name} · ${sender.address}` },
    {
      kind: 'address',
      lines: isEnglish ? [addressee, address] : [address, `${addressee}（亲启）`],
    },
    { kind: 'small', text: isEnglish ? `Reference ${reference}` : `编号 ${reference}` },
    ...(subject === '' ? [] : [{ kind: 'title', text: subject } as const]),
    ...content.text.split(/\n{2,}/).map((text): PdfBlock => ({ kind: 'text', text })),
    {
      kind: 'signature',
      lines: [name, dateOf(letter)],
      seal:
        seal === null
          ? null
          : { image: seal, words: isEnglish ? `Seal of ${name}` : `${name}印章` },
    },
  ]
}

const ZONE = 'Asia/Shanghai'

function dateOf({ at, content }: Letter): string {
  const { year, month, dayOfMonth } = civil(localDay(required(zoneNamed(ZONE), ZONE), at))
  return content.language === 'en'
    ? `${year}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`
    : `${year}年${month}月${dayOfMonth}日`
}
