import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLocalDate, parseLocalDate, required } from '@dunlin/kernel'
import { deadlineAfter, workingCalendar } from './working-days.ts'

const due = (given: {
  from: string
  workingDays: number
  calendarDaysMax?: number
  country?: string
  holidays?: string
}): string => {
  const calendar = workingCalendar(given.country ?? 'CN', given.holidays ?? null)
  const { workingDays, calendarDaysMax = 366 } = given
  const day = required(parseLocalDate(given.from), given.from)
  return formatLocalDate(deadlineAfter(day, { workingDays, calendarDaysMax }, calendar))
}

test('weekends do not count, and the day itself does not', () => {
  assert.equal(due({ from: '2026-06-05', workingDays: 1 }), '2026-06-08')
  assert.equal(due({ from: '2026-06-08', workingDays: 5 }), '2026-06-15')
})

// General Office of the State Council, holiday notice for 2025: 1–8 October off, 28 September and 11 October worked.
test('in China the State Council’s holidays are free and its make-up days are worked', () => {
  assert.equal(due({ from: '2025-09-27', workingDays: 1 }), '2025-09-28')
  assert.equal(due({ from: '2025-09-30', workingDays: 1 }), '2025-10-09')
  assert.equal(due({ from: '2025-10-10', workingDays: 1 }), '2025-10-11')
})

test('elsewhere Monday to Friday count, less the portfolio’s own holidays', () => {
  assert.equal(due({ from: '2025-09-30', workingDays: 1, country: 'GB' }), '2025-10-01')
  const holidays = '2025-10-01, 2025-10-02'
  assert.equal(due({ from: '2025-09-30', workingDays: 1, country: 'GB', holidays }), '2025-10-03')
  assert.equal(due({ from: '2025-10-09', workingDays: 1, holidays: '2025-10-10' }), '2025-10-11')
})

test('the calendar days end it although a long holiday lies between', () => {
  assert.equal(due({ from: '2025-09-30', workingDays: 10, calendarDaysMax: 15 }), '2025-10-15')
})
