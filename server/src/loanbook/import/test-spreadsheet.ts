import { crc32, deflateRawSync } from 'node:zlib'

// The smallest .xlsx there is, for tests: one sheet of inline texts and numbers in a zip.

export type SheetCell = string | number | null

/** Bytes of a spreadsheet; `pad` adds a file of so many spaces, to see what unpacking costs. */
export function aSpreadsheet(rows: readonly (readonly SheetCell[])[], pad = 0): Uint8Array {
  const sheet = `<worksheet xmlns="${MAIN}"><sheetData>${rows.map(rowXml).join('')}</sheetData></worksheet>`
  return zip([
    ['[Content_Types].xml', `<Types xmlns="${PACKAGE}/content-types">${TYPES}</Types>`],
    ['_rels/.rels', relations('officeDocument', 'xl/workbook.xml')],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ],
    ['xl/_rels/workbook.xml.rels', relations('worksheet', 'worksheets/sheet1.xml')],
    ['xl/worksheets/sheet1.xml', sheet],
    ...(pad === 0 ? [] : [['xl/media/pad', ' '.repeat(pad)] as const]),
  ])
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPES = `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`

function relations(type: string, target: string): string {
  return `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/${type}" Target="${target}"/></Relationships>`
}

function rowXml(cells: readonly SheetCell[], index: number): string {
  return `<row r="${index + 1}">${cells.map((cell, place) => cellXml(cell, `${columnName(place)}${index + 1}`)).join('')}</row>`
}

function cellXml(cell: SheetCell, place: string): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`
  const text = cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
}

function columnName(place: number): string {
  return String.fromCharCode(65 + place)
}

const DEFLATE = 8
const VERSION = 20

function zip(files: readonly (readonly [string, string])[]): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of files) {
    const plain = Buffer.from(text)
    const packed = deflateRawSync(plain)
    const sizes = [crc32(plain), packed.length, plain.length]
    const local = Buffer.concat([
      words([0x04034b50], 4),
      words([VERSION, 0, DEFLATE, 0, 0], 2),
      words(sizes, 4),
      words([name.length, 0], 2),
      Buffer.from(name),
      packed,
    ])
    directory.push(
      words([0x02014b50], 4),
      words([VERSION, VERSION, 0, DEFLATE, 0, 0], 2),
      words(sizes, 4),
      words([name.length, 0, 0, 0, 0], 2),
      words([0, offset], 4),
      Buffer.from(name),
    )
    parts.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const end = [
    words([0x06054b50], 4),
    words([0, 0, files.length, files.length], 2),
    words([listed.length, offset], 4),
    words([0], 2),
  ]
  return Buffer.concat([...parts, listed, ...end])
}

function words(values: readonly number[], bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(values.length * bytes)
  for (const [index, value] of values.entries()) buffer.writeUIntLE(value, index * bytes, bytes)
  return buffer
}
