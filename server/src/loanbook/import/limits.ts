/** Limits of an import. Over one of them the row, or the file, is refused with a clear error. */
export const IMPORT_LIMITS = {
  /** Characters of one cell. */
  cellLengthMax: 4_000,
  /** Rows read between two writes to the database. */
  batchRows: 5_000,
  /** Columns of a file. */
  columnsMax: 400,
  /** Bytes of a spreadsheet, which is read whole. */
  spreadsheetBytesMax: 50_000_000,
  /** Rejects written to the table; the reject file holds all of them. */
  rejectsStoredMax: 10_000,
} as const
