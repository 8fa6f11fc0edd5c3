import { addDays, type EpochDay, formatLocalDate, weekday } from '@dunlin/kernel'
import chineseDays from 'chinese-days'

/** Whether people work on a day. */
export type WorkingCalendar = (day: EpochDay) => boolean

const SATURDAY = 6

/**
 * The working days of a portfolio: in mainland China those of the State Council's notices, make-up days
 * included; elsewhere Monday to Friday. The portfolio's own holidays (dates, separated by spaces or commas)
 * are free everywhere.
 */
export function workingCalendar(country: string, holidays: string | null): WorkingCalendar {
  const free = new Set((holidays ?? '').split(/[\s,;]+/))
  const isWeekday = (day: EpochDay): boolean => weekday(day) < SATURDAY
  const isWorkday =
    country === 'CN' ? (day: EpochDay) => chineseDays.isWorkday(formatLocalDate(day)) : isWeekday
  return (day) => !free.has(formatLocalDate(day)) && isWorkday(day)
}

/** The day by which something is due: so many working days after a day, and never later than so many of the calendar. */
export function deadlineAfter(
  day: EpochDay,
  { workingDays, calendarDaysMax }: { workingDays: number; calendarDaysMax: number },
  isWorking: WorkingCalendar,
): EpochDay {
  let left = workingDays
  for (let days = 1; days <= calendarDaysMax; days += 1) {
    if (isWorking(addDays(day, days))) left -= 1
    if (left === 0) return addDays(day, days)
  }
  return addDays(day, calendarDaysMax)
}

/** Over this many days of the calendar nobody counts working days any more. */
const COUNT_DAYS_MAX = 3_660

/** Working days from today until a day, that day included; below zero: how many have passed since it. */
export function workingDaysLeft(
  today: EpochDay,
  dueOn: EpochDay,
  { country, holidays }: { country: string; holidays: string | null },
): number {
  const isWorking = workingCalendar(country, holidays)
  const [first, last] = today <= dueOn ? [today, dueOn] : [dueOn, today]
  let count = 0
  for (let days = 1; days <= Math.min(last - first, COUNT_DAYS_MAX); days += 1) {
    if (isWorking(addDays(first, days))) count += 1
  }
  return today <= dueOn ? count : -Math.max(1, count)
}
