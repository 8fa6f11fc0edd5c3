export { type PdfBlock, type PdfGiven, writePdf } from './write-pdf.ts'
