import { blankOrBroken, isBlank, shownCell, textOf } from '../cell.js';
import type { Cell } from '../columns.js';
import { readDuration } from '../conditions/duration.js';
import { err, ok, type Result } from '../result.js';
import { dayMs } from '../time.js';
import { endOfDay, instantOf, type WallTime, wallTime } from '../time-zone.js';
import { type Codec, expectedGot, field, type Reading } from './field.js';

/** When an alert's window closes. */
export interface Expires {
  /** As the row says it. */
  readonly text: string;
  /** The instant that it stands for (ms); of a duration counted from the first sight of the row, and kept from then on. */
  readonly at: number;
}

/** A price from this instant (ms) on may not fire the alert; undefined where it has no end. */
export const expiresAt = ({ expires }: { readonly expires: Expires | undefined }): number | undefined => expires?.at;

const example = '2026-12-31, 2026-12-31 18:00 or 30d';
const longestMs = 3650 * dayMs;

const yearFirst = /^(?<year>\d{4})-(?<month>\d\d?)-(?<day>\d\d?)(?:(?:T|,? )(?<time>.*))?$/u;
const dayFirst = /^(?<day>\d\d?)\.(?<month>\d\d?)\.(?<year>\d{4})(?:,? (?<time>.*))?$/u;
const slashes = /^(?<first>\d\d?)\/(?<second>\d\d?)\/(?<year>\d{4})(?:,? (?<time>.*))?$/u;
const clock = /^(?<hour>\d\d?):(?<minute>\d\d)(?::(?<second>\d\d))?$/u;

interface Written {
  readonly wall: WallTime;
  readonly hasTime: boolean;
}

/** Undefined where there is no such day or time. */
function written(day: Record<'year' | 'month' | 'day', string | undefined>, time: string | undefined) {
  const shown = time === undefined ? {} : clock.exec(time)?.groups;
  if (shown === undefined) return undefined;
  const numbers = {
    hour: Number(shown.hour ?? 0),
    minute: Number(shown.minute ?? 0),
    second: Number(shown.second ?? 0),
  };
  const wall = wallTime({ year: Number(day.year), month: Number(day.month), day: Number(day.day), ...numbers });
  return wall === undefined || wall.year < 2000 ? undefined : { wall, hasTime: time !== undefined };
}

/** Every day that the text may mean: 05/06/2026 is one day in London and another in New York. */
function meanings(text: string): readonly Written[] {
  const plain = (yearFirst.exec(text) ?? dayFirst.exec(text))?.groups;
  if (plain !== undefined) {
    const only = written({ year: plain.year, month: plain.month, day: plain.day }, plain.time);
    return only === undefined ? [] : [only];
  }
  const { first, second, year, time } = slashes.exec(text)?.groups ?? {};
  const american = written({ year, month: first, day: second }, time);
  const european = first === second ? undefined : written({ year, month: second, day: first }, time);
  return [american, european].flatMap((each) => each ?? []);
}

const dayText = ({ year, month, day }: WallTime): string =>
  [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');

const durationOf = (text: string): number | undefined => {
  const duration = readDuration(text);
  return duration === undefined || duration === 0 || duration > longestMs ? undefined : duration;
};

function readExpires(cell: Cell, { now, timeZone }: Reading): Result<Expires | undefined, string> {
  if (isBlank(cell)) return ok(undefined);
  const problem = blankOrBroken('expires', cell, example);
  if (problem !== undefined) return err(problem);
  const text = textOf(cell).replace(/\s+/gu, ' ');
  const duration = durationOf(text);
  if (duration !== undefined) return ok({ text, at: now + duration });
  const [meant, other] = meanings(text);
  if (meant === undefined) return err(`expires: expected ${example} or a blank cell, got ${shownCell(cell)}`);
  if (other !== undefined) {
    const days = `${dayText(meant.wall)} or ${dayText(other.wall)}`;
    return err(`expires: ${shownCell(cell)} may be two days; write ${days}, and format the cell as plain text`);
  }
  const at = meant.hasTime ? instantOf(meant.wall, timeZone) : endOfDay(meant.wall, timeZone);
  return ok({ text, at });
}

/** A duration that stands there unchanged goes on from where it began. */
function isSame(stored: Expires | undefined, asked: Expires | undefined): boolean {
  if (stored === undefined || asked === undefined) return stored === asked;
  return stored.text === asked.text && (stored.at === asked.at || durationOf(asked.text) !== undefined);
}

const instantText = (instant: number): string => new Date(instant).toISOString();

const attributes: Codec<Expires | undefined> = {
  write: (expires) => ({ expires: expires?.text, expires_at: expires && instantText(expires.at) }),
  read({ expires: text, expires_at: instant }) {
    if (text === undefined && instant === undefined) return ok(undefined);
    const at = typeof instant === 'string' ? Date.parse(instant) : Number.NaN;
    const problems = [
      ...(typeof text === 'string' && text !== '' ? [] : [expectedGot('expires', 'expected some text', text)]),
      ...(!Number.isNaN(at) && instantText(at) === instant
        ? []
        : [expectedGot('expires_at', 'expected an instant such as 2026-11-20T12:03:00.000Z', instant)]),
    ];
    return problems.length === 0 && typeof text === 'string' ? ok({ text, at }) : err(problems);
  },
};

export const expiresField = field<Expires | undefined, 'expires'>({
  columns: { expires: { title: 'expires' } },
  read: ({ expires }, reading) => readExpires(expires, reading),
  problemWhenNew: (expires, now) =>
    expires === undefined || expires.at > now
      ? undefined
      : `expires: ${expires.text} has passed, so the alert would never fire; write a later date, or delete the row`,
  /** What is not over yet goes on: the window is only closed later. */
  change(stored, asked, { now, isOver }) {
    if (isSame(stored, asked)) return 'nothing';
    return isOver && (asked === undefined || asked.at > now) ? 'arms-afresh' : 'changes';
  },
  attributes,
  listed: { heading: 'EXPIRES', place: 5 },
  shown: (expires) => (expires === undefined ? '' : `${instantText(expires.at).slice(0, 16).replace('T', ' ')} UTC`),
  record: (expires) => ({
    expires: expires?.text ?? null,
    expiresAt: expires === undefined ? null : instantText(expires.at),
  }),
});
