import { InboxOutlined } from '@ant-design/icons'
import { type DragEvent, type ReactElement, useState } from 'react'
import { useImportTexts } from './import-texts.ts'

const UNIT = 1024
const NAMES = ['B', 'KiB', 'MiB', 'GiB'] as const

type Props = { readonly file: File | null; readonly onPick: (file: File) => void }

/** A file field with room to drop one on; the field itself keeps its keys and its name. */
export function FilePick({ file, onPick }: Props): ReactElement {
  const say = useImportTexts()
  const [isOver, setOver] = useState(false)
  const over = (is: boolean) => (event: DragEvent) => {
    event.preventDefault()
    setOver(is)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    const [first] = event.dataTransfer.files
    if (first !== undefined) onPick(first)
  }
  return (
    <label
      className={isOver ? 'file-pick over' : 'file-pick'}
      onDragOver={over(true)}
      onDragLeave={over(false)}
      onDrop={drop}
    >
      <InboxOutlined aria-hidden="true" />
      <strong>
        {file === null
          ? say('choose')
          : say('chosen', { name: file.name, size: sizeOf(file.size) })}
      </strong>
      <span className="quiet">{say('formats')}</span>
      <input
        type="file"
        aria-label={say('choose')}
        accept=".csv,.txt,.tsv,.xlsx,.ndjson,.jsonl,.gz"
        onChange={({ target }) => {
          const [first] = target.files ?? []
          if (first !== undefined) onPick(first)
        }}
      />
    </label>
  )
}

function sizeOf(bytes: number): string {
  let [value, place] = [bytes, 0]
  while (value >= UNIT && place < NAMES.length - 1) {
    value /= UNIT
    place += 1
  }
  return `${place === 0 ? value : value.toFixed(1)} ${NAMES[place] ?? ''}`
}
