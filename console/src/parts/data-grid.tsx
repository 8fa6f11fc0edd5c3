import { type KeyboardEvent, type ReactElement, type ReactNode, useRef, useState } from 'react'
import { useWindow } from './use-window.ts'
import './data-grid.css'

export type Column<Row> = {
  readonly key: string
  readonly title: string
  /** Pixels; absent: what the others leave. */
  readonly width?: number
  readonly isNumber?: boolean
  readonly show: (row: Row) => ReactNode
}

type Props<Row> = {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Enter, or a click, on a row. */
  readonly onOpen?: (row: Row) => void
  /** The end of the list came into sight: more may be loaded. */
  readonly onEnd?: () => void
  readonly empty: ReactNode
}

const ROW_PX = 40
/** The least width of a column that takes what the others leave. */
const REST_PX = 180

/**
 * A list of any length: only the rows in sight are in the page. Arrow keys, Home, End and the page keys move,
 * Enter opens; a screen reader hears rows, columns and how many there are.
 */
export function DataGrid<Row>(props: Props<Row>): ReactElement {
  const { label, columns, rows, rowKey, onOpen, onEnd, empty } = props
  const box = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const { first, last, page } = useWindow(box, { rowPx: ROW_PX, count: rows.length, onEnd })
  const move = (event: KeyboardEvent): void => {
    const row = rows[active]
    // A key on a button inside a row is the button's own.
    if (!(event.target instanceof HTMLTableRowElement)) return
    if (event.key === 'Enter' && row !== undefined) {
      onOpen?.(row)
      return
    }
    const to = targetOf(event.key, { active, last: rows.length - 1, page })
    if (to === null) return
    event.preventDefault()
    setActive(to)
    focusRow(box.current, to)
  }
  // Without rows there is nothing to walk: no head stands over a list that is wider than a phone.
  if (rows.length === 0) {
    return (
      <div className="grid" ref={box}>
        <p className="empty">{empty}</p>
      </div>
    )
  }
  const minWidth = columns.reduce((sum, { width }) => sum + (width ?? REST_PX), 0)
  return (
    <div className="grid" ref={box}>
      <table style={{ minWidth }} aria-label={label} aria-rowcount={rows.length + 1}>
        <Head columns={columns} />
        <tbody onKeyDown={move}>
          <Gap rows={first} />
          {rows.slice(first, last).map((row, offset) => (
            <Line
              key={rowKey(row)}
              row={row}
              index={first + offset}
              columns={columns}
              isActive={first + offset === active}
              onFocus={setActive}
              onOpen={onOpen}
            />
          ))}
          <Gap rows={rows.length - last} />
        </tbody>
      </table>
    </div>
  )
}

function Head<Row>({ columns }: { columns: readonly Column<Row>[] }): ReactElement {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ key, title, width, isNumber }) => (
          <th key={key} scope="col" style={{ width }} className={isNumber === true ? 'number' : ''}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** The room of rows that are not in the page. */
function Gap({ rows }: { rows: number }): ReactElement | null {
  if (rows <= 0) return null
  return (
    <tr>
      <td style={{ height: rows * ROW_PX, padding: 0 }} />
    </tr>
  )
}

type LineProps<Row> = {
  readonly row: Row
  readonly index: number
  readonly columns: readonly Column<Row>[]
  readonly isActive: boolean
  readonly onFocus: (index: number) => void
  readonly onOpen: ((row: Row) => void) | undefined
}

function Line<Row>({
  row,
  index,
  columns,
  isActive,
  onFocus,
  onOpen,
}: LineProps<Row>): ReactElement {
  return (
    <tr
      aria-rowindex={index + 2}
      data-index={index}
      className={onOpen === undefined ? undefined : 'can-open'}
      style={{ height: ROW_PX }}
      tabIndex={isActive ? 0 : -1}
      onFocus={() => onFocus(index)}
      onClick={() => onOpen?.(row)}
    >
      {columns.map(({ key, isNumber, show }) => (
        <td key={key} className={isNumber === true ? 'number' : ''}>
          {show(row)}
        </td>
      ))}
    </tr>
  )
}

function targetOf(
  key: string,
  { active, last, page }: { active: number; last: number; page: number },
): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: last,
  }
  const to = moves[key]
  return to === undefined ? null : Math.min(Math.max(0, to), Math.max(0, last))
}

/** Scrolls a row into sight and focuses it once it is there. */
function focusRow(box: HTMLDivElement | null, index: number): void {
  if (box === null) return
  const top = index * ROW_PX
  const hidden = top + 2 * ROW_PX - (box.scrollTop + box.clientHeight)
  if (top < box.scrollTop) box.scrollTop = top
  else if (hidden > 0) box.scrollTop += hidden
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const row = box.querySelector(`[data-index="${index}"]`)
      if (row instanceof HTMLElement) row.focus({ preventScroll: true })
    }),
  )
}
