import { wallTimeAt } from '../time-zone.js';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `21 Nov 14:03`, short, because a status is a narrow column. */
export function shownMoment(instant: number, timeZone: string): string {
  const { month, day, hour, minute } = wallTimeAt(instant, timeZone);
  return `${day} ${months[month - 1]} ${twoDigits(hour)}:${twoDigits(minute)}`;
}

/** `2026-11-21 14:03`: as text it sorts by time, whatever the sheet's country. */
export function sortableMoment(instant: number, timeZone: string): string {
  const { year, month, day, hour, minute } = wallTimeAt(instant, timeZone);
  return `${year}-${twoDigits(month)}-${twoDigits(day)} ${twoDigits(hour)}:${twoDigits(minute)}`;
}
