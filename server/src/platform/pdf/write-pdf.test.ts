import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '@dunlin/kernel'
import { splitByFont } from './fonts.ts'
import { type PdfGiven, writePdf } from './write-pdf.ts'

const given: PdfGiven = {
  title: '协议 Agreement',
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
