import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  addDays,
  type EpochDay,
  formatLocalDate,
  pick,
  randomInt,
  seededRandom,
} from '@dunlin/kernel'

const SURNAMES = [
  '王',
  '李',
  '张',
  '刘',
  '陈',
  '杨',
  '赵',
  '黄',
  '周',
  '吴',
  '徐',
  '孙',
  '马',
  '朱',
  '胡',
  '林',
] as const
const GIVEN = [
  '小明',
  '晓雨',
  '建国',
  '丽华',
  '子涵',
  '思远',
  '雅婷',
  '志强',
  '美玲',
  '浩然',
  '欣怡',
  '文博',
  '秀英',
  '俊杰',
] as const
const BORROWERS = 2_400
const PRE_DUE_SHARE = 0.15

export type DemoFiles = { readonly loans: string; readonly schedule: string }

/**
 * Writes a made-up book: nobody in it exists, numbers lie in 1990000xxxx, addresses at example.com.
 * The same seed and day give the same book.
 */
export async function writeDemoBook(
  folder: string,
  given: { asOf: EpochDay; seed: number },
): Promise<DemoFiles> {
  const random = seededRandom(given.seed)
  const asOf = formatLocalDate(given.asOf)
  const loans = [LOANS_HEADER]
  const schedule = ['loan_no,seq,due_on,principal,interest']
  for (let index = 1; index <= BORROWERS; index += 1) {
    const person = aPerson(random, index)
    const principal = randomInt(random, 8, 400) * 100
    if (random() < PRE_DUE_SHARE) {
      loans.push(`${person},${principal}.00,0,0,0,0,,${asOf}`)
      const dueOn = formatLocalDate(addDays(given.asOf, randomInt(random, 1, 9)))
      schedule.push(
        `D${index},1,${dueOn},${Math.round(principal / 10)}.00,${Math.round(principal / 80)}.00`,
      )
    } else {
      loans.push(`${person},${lateness(random, given.asOf, principal)},${asOf}`)
    }
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const files = { loans: join(folder, 'loans.csv'), schedule: join(folder, 'schedule.csv') }
  await writeFile(files.loans, `${loans.join('\n')}\n`, { mode: 0o600 })
  await writeFile(files.schedule, `${schedule.join('\n')}\n`, { mode: 0o600 })
  return files
}

const LOANS_HEADER =
  'loan_no,borrower_no,name,phone,email,language,principal_outstanding,overdue_principal,overdue_interest,overdue_penalty,fees,oldest_unpaid_due_on,as_of'

function aPerson(random: () => number, index: number): string {
  const name = pick(random, SURNAMES) + pick(random, GIVEN)
  const phone = `1990000${String(index).padStart(4, '0')}`
  const language = random() < 0.06 ? 'en' : 'zh-CN'
  return `D${index},B${index},${name},${phone},b${index}@example.com,${language}`
}

/** Most are a few days late, few are months late, as books are. */
function lateness(random: () => number, asOf: EpochDay, principal: number): string {
  const days = Math.max(1, Math.round(90 * random() ** 2.2))
  const overdue = Math.round(principal * (0.08 + 0.12 * random()))
  const interest = (overdue * 0.018 * Math.ceil(days / 30)).toFixed(2)
  const penalty = (overdue * 0.0005 * days).toFixed(2)
  return `${principal}.00,${overdue}.00,${interest},${penalty},0,${formatLocalDate(addDays(asOf, -days))}`
}
