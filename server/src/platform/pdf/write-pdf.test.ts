import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { instant } from '@dunlin/kernel'
import { splitByFont } from './fonts.ts'
import { type PdfGiven, writePdf } from './write-pdf.ts'

const given: PdfGiven = {
  title: '协议 Agreement',
  language: 'zh-CN',
  blocks: [
    { kind: 'title', text: '分期还款协议' },
    {
      kind: 'facts',
      rows: [
        ['借款人', '王小明'],
        ['Borrower', 'Zoë'],
      ],
    },
    {
      kind: 'table',
      head: ['期次', '金额'],
      rows: Array.from({ length: 60 }, (_, index) => [`${index + 1}`, '1,234.50']),
    },
    { kind: 'text', text: '一段很长的文字，用来换行。'.repeat(40) },
  ],
  footer: '示例',
  at: instant(Date.UTC(2026, 5, 1)),
}

/** A red square, one pixel: what a seal may look like to a machine. */
function aPicture(): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  const pixel = deflateSync(Buffer.from([0, 200, 30, 30]))
  const start = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  const parts = [chunk('IHDR', header), chunk('IDAT', pixel), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([start, ...parts])
}

const letter: PdfGiven = {
  title: '通知书',
  language: 'zh-CN',
  blocks: [
    { kind: 'address', lines: ['100000', '示例省示例市示例路1号', '王小明 收'] },
    { kind: 'title', text: '逾期通知书' },
    { kind: 'text', text: '您好：这是写给您本人的信。' },
    {
      kind: 'facts',
      rows: [
        ['编号', 'RA000000005CN'],
        ['日期', '2026年6月1日'],
      ],
    },
    {
      kind: 'signature',
      lines: ['示例消费金融', '2026年6月1日'],
      seal: { image: aPicture(), words: '示例消费金融印章' },
    },
  ],
  footer: '页脚',
  at: instant(Date.UTC(2026, 5, 1)),
}

test('a document is a PDF with its font embedded as a subset, the same bytes for the same content', async () => {
  const pdf = await writePdf(given)
  assert.match(pdf.subarray(0, 8).toString('latin1'), /^%PDF-1\.\d/)
  assert.match(pdf.subarray(-8).toString('latin1'), /%%EOF/)
  assert.match(pdf.toString('latin1'), /\/FontFile[23]/)
  assert.match(pdf.toString('latin1'), /\/BaseFont \/[A-Z]{6}\+NotoSansSC/)
  assert.ok(pdf.length < 200_000, `${pdf.length} bytes`)
  assert.deepEqual(await writePdf(given), pdf)
  const other = await writePdf({ ...given, title: 'other' })
  assert.notDeepEqual(other, pdf)
})

test('every character is drawn by a font that has it, rare ones of names too; one that none has is named', () => {
  assert.equal(splitByFont('王小明 Wang').length, 1)
  const rare = splitByFont('Łukasz 丱')
  assert.ok(new Set(rare.map(({ fontName }) => fontName)).size > 1)
  assert.ok(
    rare
      .map(({ text }) => text)
      .join('')
      .endsWith('丱'),
  )
  assert.equal(
    splitByFont('a\u{10FFFD}b')
      .map(({ text }) => text)
      .join(''),
    'a[U+10FFFD]b',
  )
})

const POPPLER = spawnSync('pdfinfo', ['-v']).error === undefined

test('a screen reader finds the language, headings, paragraphs and cells, and passes over lines and footers', {
  skip: POPPLER ? false : 'needs pdfinfo (Debian: poppler-utils)',
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-pdf-'))
  const file = join(folder, 'letter.pdf')
  await writeFile(file, await writePdf(letter))
  const told = (...args: string[]) => execFileSync('pdfinfo', [...args, file], { encoding: 'utf8' })
  assert.match(told(), /Tagged: +yes/)
  assert.match(await readFile(file, 'latin1'), /\/Lang \(zh-CN\)/)
  const structure = told('-struct-text')
  assert.deepEqual(
    [...structure.matchAll(/^ *(H1|H2|P|Table|TR|TH|TD|Figure)\b/gm)].map(([, type]) => type),
    ['P', 'H1', 'P', 'Table', 'TR', 'TH', 'TD', 'TR', 'TH', 'TD', 'P', 'Figure'],
  )
  assert.match(structure, /H1.*\n *"逾期通知书/)
  assert.doesNotMatch(structure, /页脚|U\+A/)
})
