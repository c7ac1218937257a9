import { blankOrBroken, isBlank, shownBriefly, textOf } from './cell.js';
import type { Cell } from './columns.js';
import type { Priority } from './fields/priority.js';
import { err, ok, type Result } from './result.js';
import { wallTimeAt } from './time-zone.js';

/** Minutes since midnight on the user's wall clock. `to` is no part of it; where it is the earlier, midnight lies between. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

const example = '23:00-07:00';
const endOfDayMinutes = 24 * 60;

const pattern = /^(\d\d?)(?:[:.](\d\d))?\s*[-\u2010-\u2015\u2212]\s*(\d\d?)(?:[:.](\d\d))?$/u;

const minutesOf = (hour = '', minute = '0'): number => Number(hour) * 60 + Number(minute);

/** `23:00-07:00`, also with a longer dash, with spaces around it, and with hours alone. Undefined where the cell is blank. */
export function readQuietHours(cell: Cell): Result<QuietHours | undefined, string> {
  if (isBlank(cell)) return ok(undefined);
  const problem = blankOrBroken('quiet', cell, example);
  if (problem !== undefined) return err(problem);
  const parts = pattern.exec(textOf(cell));
  const [, fromHour, fromMinute = '0', toHour, toMinute = '0'] = parts ?? [];
  const from = minutesOf(fromHour, fromMinute);
  const to = minutesOf(toHour, toMinute);
  const isTime = Number(fromMinute) < 60 && Number(toMinute) < 60 && from < endOfDayMinutes && to <= endOfDayMinutes;
  if (parts === null || !isTime) {
    return err(`quiet: expected a stretch of the day such as ${example}, or a blank cell, got ${shownBriefly(cell)}`);
  }
  if (from === to) {
    return err(
      `quiet: ${shownBriefly(cell)} begins when it ends; write ${example}, 00:00-24:00 for the whole day, or leave the cell blank`,
    );
  }
  return ok({ from, to });
}

/**
 * By what the clocks on the wall show: where they leap over a part of it, that part is not, and where they show a part
 * twice, both are quiet. `instant` in ms.
 */
export function isQuietAt({ from, to }: QuietHours, instant: number, timeZone: string): boolean {
  const { hour, minute } = wallTimeAt(instant, timeZone);
  const now = hour * 60 + minute;
  return from < to ? from <= now && now < to : now >= from || now < to;
}

/** In quiet hours nothing is held back; these two still ring. */
export const ringsInQuietHours = (priority: Priority): boolean => priority === 'high' || priority === 'urgent';
