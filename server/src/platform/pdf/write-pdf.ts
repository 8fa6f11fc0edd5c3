import { type Instant, toDate } from '@dunlin/kernel'
import PDFDocument from 'pdfkit'
import { fontBytes, splitByFont } from './fonts.ts'

/** What a document of ours is made of, from top to bottom. */
export type PdfBlock =
  | { readonly kind: 'title' | 'heading' | 'text' | 'small'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | {
      readonly kind: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }
  /** Whom a letter goes to, where the window of an envelope shows it. */
  | { readonly kind: 'address'; readonly lines: readonly string[] }
  /** Who signs, at the right, with the seal over it where there is one (PNG or JPEG). */
  | {
      readonly kind: 'signature'
      readonly lines: readonly string[]
      readonly seal: { readonly image: Buffer; readonly words: string } | null
    }

export type PdfGiven = {
  readonly title: string
  /** BCP 47: what a screen reader speaks. */
  readonly language: string
  readonly blocks: readonly PdfBlock[]
  /** Printed at the foot of each page. */
  readonly footer: string
  /** The same content at the same instant makes the same bytes. */
  readonly at: Instant
}

const MARGIN = 56
const WIDTH = 595.28 - 2 * MARGIN
const BOTTOM = 841.89 - MARGIN
const SIZES = { title: 18, heading: 12.5, text: 10.5, small: 8.5 } as const
const LABEL_WIDTH = 150
const CELL_HEIGHT = 18

type Doc = InstanceType<typeof PDFDocument>
/** A document with the element that all others hang on. */
type Sheet = { readonly doc: Doc; readonly root: ReturnType<Doc['struct']> }

/**
 * A4 pages with an embedded font that has Chinese and Latin letters, tagged: headings, paragraphs and the cells of
 * tables are known as such to a screen reader, lines and footers are passed over.
 */
export async function writePdf(given: PdfGiven): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    font: '',
    lang: given.language,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    // The library dates a document by the clock unless it is told.
    info: {
      Title: given.title,
      Producer: 'Dunlin',
      Creator: 'Dunlin',
      CreationDate: toDate(given.at),
    },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve)
    doc.on('error', reject)
  })
  const root = doc.struct('Document')
  doc.addStructure(root)
  for (const block of given.blocks) drawBlock({ doc, root }, block)
  root.end()
  drawFooters(doc, given.footer)
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

const TAGS = { title: 'H1', heading: 'H2', text: 'P', small: 'P' } as const

function drawBlock(sheet: Sheet, block: PdfBlock): void {
  const { doc } = sheet
  switch (block.kind) {
    case 'facts':
      drawRows(sheet, block.rows, (row) => drawFact(doc, row))
      doc.moveDown(0.6)
      return
    case 'table':
      drawRows(sheet, [block.head, ...block.rows], (row, isHead) => drawRow(doc, row, isHead))
      doc.moveDown(0.8)
      return
    case 'address':
      tag(sheet, 'P', () => drawAddress(doc, block.lines))
      return
    case 'signature':
      drawSignature(sheet, block)
      return
    default:
      if (block.kind === 'heading') doc.moveDown(0.4)
      tag(sheet, TAGS[block.kind], () =>
        drawText(doc, block.text, { size: SIZES[block.kind], width: WIDTH }),
      )
      doc.moveDown(block.kind === 'title' ? 0.8 : 0.4)
  }
}

/** Draws something as what it is. */
function tag({ doc, root }: Sheet, type: string, draw: () => void): void {
  root.add(doc.struct(type, {}, [draw]))
}

type Cell = { readonly isHead: boolean; readonly draw: () => void }

/** A table for whoever listens to it: each row is drawn by what gives its cells. */
function drawRows<Row>(
  { doc, root }: Sheet,
  rows: readonly Row[],
  cellsOf: (row: Row, isFirst: boolean) => { cells: readonly Cell[]; end: () => void },
): void {
  const table = doc.struct('Table')
  root.add(table)
  for (const [index, row] of rows.entries()) {
    const element = doc.struct('TR')
    table.add(element)
    const { cells, end } = cellsOf(row, index === 0)
    for (const { isHead, draw } of cells) element.add(doc.struct(isHead ? 'TH' : 'TD', {}, [draw]))
    element.end()
    end()
  }
  table.end()
}

type TextPlace = {
  readonly size: number
  readonly width: number
  readonly x?: number
  readonly y?: number
  readonly align?: 'left' | 'right'
}

function drawText(doc: Doc, text: string, { size, width, x, y, align = 'left' }: TextPlace): void {
  const runs = splitByFont(text)
  doc.fontSize(size)
  for (const [index, run] of runs.entries()) {
    doc.font(useFont(doc, run.fontName))
    const options = { width, align, lineGap: size * 0.35, continued: index < runs.length - 1 }
    if (index === 0) doc.text(run.text, x ?? MARGIN, y ?? doc.y, options)
    else doc.text(run.text, options)
  }
}

function useFont(doc: Doc, fontName: string): string {
  doc.registerFont(fontName, fontBytes(fontName))
  return fontName
}

function drawFact(doc: Doc, [label, value]: readonly [string, string]) {
  breakPage(doc, CELL_HEIGHT)
  const { y } = doc
  const size = SIZES.text
  let after = y
  const cells = [
    {
      isHead: true,
      draw: () => {
        drawText(doc, label, { size, width: LABEL_WIDTH, y })
        after = doc.y
      },
    },
    {
      isHead: false,
      draw: () =>
        drawText(doc, value, { size, width: WIDTH - LABEL_WIDTH, x: MARGIN + LABEL_WIDTH, y }),
    },
  ]
  const end = () => {
    doc.y = Math.max(doc.y, after)
  }
  return { cells, end }
}

function drawRow(doc: Doc, texts: readonly string[], isHead: boolean) {
  breakPage(doc, CELL_HEIGHT)
  const { y } = doc
  const width = WIDTH / texts.length
  const cells = texts.map((text, index) => ({
    isHead,
    draw: () =>
      drawText(doc, text, {
        ...{ size: SIZES.text, width: width - 6, x: MARGIN + index * width, y },
        align: index === 0 ? 'left' : 'right',
      }),
  }))
  return { cells, end: () => drawLine(doc, y + CELL_HEIGHT, isHead) }
}

function drawLine(doc: Doc, y: number, isHead: boolean): void {
  asArtifact(doc, () =>
    doc
      .moveTo(MARGIN, y - 3)
      .lineTo(MARGIN + WIDTH, y - 3)
      .lineWidth(isHead ? 0.9 : 0.3)
      .strokeColor('#888888')
      .stroke(),
  )
  doc.x = MARGIN
  doc.y = y
}

/** Nothing that says anything: a screen reader passes it over. */
function asArtifact(doc: Doc, draw: () => void): void {
  doc.markContent('Artifact', { type: 'Layout' })
  draw()
  doc.endMarkedContent()
}

/** 45 to 90 mm from the top edge, 20 mm from the left: the window of a DL envelope (DIN 5008, form B). */
const MM = 72 / 25.4
const ADDRESS = { x: 20 * MM, y: 50 * MM, width: 85 * MM, end: 98 * MM } as const

function drawAddress(doc: Doc, lines: readonly string[]): void {
  const { x, y, width, end } = ADDRESS
  drawText(doc, lines.join('\n'), { size: SIZES.text, width, x, y })
  doc.x = MARGIN
  doc.y = Math.max(doc.y, end)
}

const SEAL_SIZE = 42 * MM
const SIGNATURE_WIDTH = 200

function drawSignature(
  sheet: Sheet,
  { lines, seal }: Extract<PdfBlock, { kind: 'signature' }>,
): void {
  const { doc, root } = sheet
  breakPage(doc, SEAL_SIZE)
  const { y } = doc
  const x = MARGIN + WIDTH - SIGNATURE_WIDTH
  tag(sheet, 'P', () =>
    drawText(doc, lines.join('\n'), {
      ...{ size: SIZES.text, width: SIGNATURE_WIDTH, x, y: y + (seal === null ? 0 : 24) },
      align: 'right',
    }),
  )
  if (seal === null) return
  const [left, top] = [MARGIN + WIDTH - SEAL_SIZE, y - 18]
  const draw = () => {
    doc.image(seal.image, left, top, { fit: [SEAL_SIZE, SEAL_SIZE] })
  }
  root.add(doc.struct('Figure', { alt: seal.words }, [draw]))
}

function breakPage(doc: Doc, height: number): void {
  if (doc.y + height > BOTTOM - CELL_HEIGHT) doc.addPage()
}

function drawFooters(doc: Doc, footer: string): void {
  const { count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page)
    // Below the margin the library would begin another page.
    doc.page.margins.bottom = 0
    const text = `${footer}    ${page + 1} / ${count}`
    asArtifact(doc, () => drawText(doc, text, { size: SIZES.small, width: WIDTH, y: BOTTOM + 12 }))
  }
}
