import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { addDays, formatLocalDate, localDate, required, seededRandom } from '@dunlin/kernel'

// A lender's book as CSV: made-up people, telephone numbers of a range without owners, addresses at example.com.

const HEADER =
  'loan_no,borrower_no,name,id_no,phone,email,principal_outstanding,overdue_principal,overdue_interest,overdue_penalty,oldest_unpaid_due_on,disbursed_on,instalments_total,instalments_paid,region'

export const AS_OF = required(localDate(2026, 6, 1), 'date')

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨'
const GIVEN = '安宁平和清明晨晓云川山林雨雪松柏'

/** Writes `rows` loans, the same for the same seed. Where `changedEvery` is given every such row owes a little more. */
export async function writeLoanFile(
  path: string,
  { rows, order, changedEvery }: { rows: number; order?: Uint32Array; changedEvery?: number },
): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 1 << 20 })
  file.write(`${HEADER}\n`)
  let text = ''
  for (let place = 0; place < rows; place += 1) {
    const row = order?.[place] ?? place
    text += `${loanLine(row, changedEvery !== undefined && row % changedEvery === 0)}\n`
    if (text.length > 1 << 20) {
      if (!file.write(text)) await once(file, 'drain')
      text = ''
    }
  }
  file.end(text)
  await once(file, 'finish')
}

/** One row; every tenth loan is its borrower's second. */
function loanLine(row: number, isChanged: boolean): string {
  const mixed = Math.imul(row + 1, 2654435761) >>> 0
  const borrower = row % 10 === 9 ? row - 1 : row
  const person = Math.imul(borrower + 1, 2246822519) >>> 0
  const name = `${SURNAMES[person % 16] ?? ''}${GIVEN[(person >>> 4) % 16] ?? ''}${GIVEN[(person >>> 8) % 16] ?? ''}`
  const daysLate = mixed % 8 === 0 ? 0 : 1 + ((mixed >>> 3) % 89)
  const principal = 1000 + (mixed % 90_000)
  const overdue = daysLate === 0 ? 0 : 100 + ((mixed >>> 7) % 900)
  const cells = [
    `L${String(row).padStart(9, '0')}`,
    `B${String(borrower).padStart(9, '0')}`,
    name,
    `00000019900101${String(borrower % 10_000).padStart(4, '0')}`,
    `1990000${String(borrower % 10_000).padStart(4, '0')}`,
    `b${borrower}@example.com`,
    `${principal}.${String(mixed % 100).padStart(2, '0')}`,
    overdue === 0 ? '' : `${overdue}.${isChanged ? '07' : '00'}`,
    overdue === 0 ? '' : `${overdue % 37}.50`,
    '',
    overdue === 0 ? '' : formatLocalDate(addDays(AS_OF, -daysLate)),
    formatLocalDate(addDays(AS_OF, -200 - (mixed % 300))),
    '24',
    String(mixed % 12),
    '',
  ]
  return cells.join(',')
}

/** The rows in another order, the same for the same seed. */
export function shuffled(rows: number, seed: number): Uint32Array {
  const random = seededRandom(seed)
  const order = Uint32Array.from({ length: rows }, (_, index) => index)
  for (let index = rows - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    const held = order[index] ?? 0
    order[index] = order[other] ?? 0
    order[other] = held
  }
  return order
}
