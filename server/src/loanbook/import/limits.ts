/** Limits of an import. Over one of them the row, or the file, is refused with a clear error. */
export const IMPORT_LIMITS = {
  /** Characters of one cell. */
  cellLengthMax: 4_000,
  /** Characters of a number or name by which things are found, such as loan_no. */
  identifierLengthMax: 200,
  /** Characters of one record, also of one that never ends. */
  recordLengthMax: 2_000_000,
  /** Minor units of one amount: what every reader of JSON can hold exactly. */
  amountMinorMax: 9_007_199_254_740_991n,
  /** First and last year of a date. */
  yearMin: 1900,
  yearMax: 2199,
  /** Days that as_of, or a past contact, may lie after today: clocks and zones differ. */
  aheadDays: 1,
  /** Days that a past contact may lie back: no rule looks further. */
  historyDaysMax: 3_660,
  /** Times its size that a .gz file may unpack to, and bytes that it may in any case. */
  gzipRatioMax: 200,
  gzipFreeBytes: 67_108_864,
  /** Rows read between two writes to the database. */
  batchRows: 5_000,
  /** Columns of a file. */
  columnsMax: 400,
  /** Bytes of a spreadsheet, which is read whole. */
  spreadsheetBytesMax: 50_000_000,
  /** Bytes that a spreadsheet may unpack to. */
  spreadsheetUnpackedMax: 500_000_000,
  /** Rejects written to the table; the reject file holds all of them. */
  rejectsStoredMax: 10_000,
} as const
