import type { ReactElement } from 'react'
import { useDeskTexts } from './desk-texts.ts'
import { DialogSheet } from './dialog-sheet.tsx'

const SHORTCUTS = [
  ['N', 'next'],
  ['C', 'call'],
  ['0 – 9', 'codes'],
  ['I', 'identity'],
  ['S', 'said'],
  ['H', 'hold'],
  ['B', 'callback'],
  ['M', 'note'],
  ['R', 'reply'],
  ['?', 'help'],
] as const

export function ShortcutSheet({ onClose }: { onClose: () => void }): ReactElement {
  const say = useDeskTexts()
  return (
    <DialogSheet title={say('keys')} onClose={onClose}>
      <dl className="shortcuts">
        {SHORTCUTS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{say(`shortcut.${what}`)}</dd>
          </div>
        ))}
      </dl>
    </DialogSheet>
  )
}
