import { Button } from 'antd'
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react'
import { useDeskTexts } from './desk-texts.ts'

/** A dialog of the browser's own: focus stays in it, Escape closes it, and focus goes back where it was. */
export function DialogSheet(props: {
  title: string
  onClose: () => void
  children: ReactNode
}): ReactElement {
  const say = useDeskTexts()
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const { current } = box
    if (current?.open === false) current.showModal()
  }, [])
  return (
    <dialog ref={box} className="sheet" aria-label={props.title} onClose={props.onClose}>
      <header className="sheet-head">
        <h2>{props.title}</h2>
        <Button type="text" size="small" onClick={() => box.current?.close()}>
          {say('close')} <kbd>Esc</kbd>
        </Button>
      </header>
      {props.children}
    </dialog>
  )
}

/** A list of choices belongs to the dialog: outside of it nothing can be clicked. */
export function parentOf(node: HTMLElement): HTMLElement {
  return node.parentElement ?? node
}
