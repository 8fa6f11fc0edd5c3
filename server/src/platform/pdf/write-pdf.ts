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

export type PdfGiven = {
  readonly title: string
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

/** A4 pages with an embedded font that has Chinese and Latin letters. */
export async function writePdf(given: PdfGiven): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    font: '',
    lang: 'zh-CN',
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
  for (const block of given.blocks) drawBlock(doc, block)
  drawFooters(doc, given.footer)
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

function drawBlock(doc: Doc, block: PdfBlock): void {
  switch (block.kind) {
    case 'facts':
      for (const [label, value] of block.rows) drawFact(doc, label, value)
      doc.moveDown(0.6)
      return
    case 'table':
      drawRow(doc, block.head, true)
      for (const row of block.rows) drawRow(doc, row, false)
      doc.moveDown(0.8)
      return
    default:
      if (block.kind === 'heading') doc.moveDown(0.4)
      drawText(doc, block.text, { size: SIZES[block.kind], width: WIDTH })
      doc.moveDown(block.kind === 'title' ? 0.8 : 0.4)
  }
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

function drawFact(doc: Doc, label: string, value: string): void {
  breakPage(doc, CELL_HEIGHT)
  const { y } = doc
  drawText(doc, label, { size: SIZES.text, width: LABEL_WIDTH, y })
  const after = doc.y
  drawText(doc, value, { size: SIZES.text, width: WIDTH - LABEL_WIDTH, x: MARGIN + LABEL_WIDTH, y })
  doc.y = Math.max(doc.y, after)
}

function drawRow(doc: Doc, cells: readonly string[], isHead: boolean): void {
  breakPage(doc, CELL_HEIGHT)
  const { y } = doc
  const width = WIDTH / cells.length
  for (const [index, cell] of cells.entries()) {
    const align = index === 0 ? 'left' : 'right'
    drawText(doc, cell, { size: SIZES.text, width: width - 6, x: MARGIN + index * width, y, align })
  }
  doc
    .moveTo(MARGIN, y + CELL_HEIGHT - 3)
    .lineTo(MARGIN + WIDTH, y + CELL_HEIGHT - 3)
    .lineWidth(isHead ? 0.9 : 0.3)
    .strokeColor('#888888')
    .stroke()
  doc.x = MARGIN
  doc.y = y + CELL_HEIGHT
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
    drawText(doc, text, { size: SIZES.small, width: WIDTH, y: BOTTOM + 12 })
  }
}
