import { dayMs } from './time.js';

/** What a clock and a calendar on the wall show. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** An IANA name, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** To make one takes longer than a thousand uses. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(timeZone, made);
  return made;
}

const inUtc = ({ year, month, day, hour, minute, second }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

/** Undefined for the 30th of February or 25 o'clock, which JavaScript reads as later ones. */
export function wallTime(time: WallTime): WallTime | undefined {
  const date = new Date(inUtc(time));
  const { month, day, hour, minute, second } = time;
  const isSame =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return isSame ? time : undefined;
}

/** What the zone's clocks show then (ms). */
export function wallTimeAt(instant: number, timeZone: string): WallTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {
    ...{ year: part('year'), month: part('month'), day: part('day') },
    ...{ hour: part('hour'), minute: part('minute'), second: part('second') },
  };
}

/** How far the zone's clocks are ahead of UTC then (ms). */
const offsetAt = (instant: number, timeZone: string): number =>
  inUtc(wallTimeAt(instant, timeZone)) - Math.floor(instant / 1000) * 1000;

/**
 * When clocks of the zone show that time (ms). Where they show it twice, the later; where they leap over it, as if they
 * had not leapt: what ends then ends rather late than early.
 */
export function instantOf(time: WallTime, timeZone: string): number {
  const asIfUtc = inUtc(time);
  const before = asIfUtc - offsetAt(asIfUtc - dayMs, timeZone);
  const after = asIfUtc - offsetAt(asIfUtc + dayMs, timeZone);
  const shown = [before, after].filter((instant) => instant + offsetAt(instant, timeZone) === asIfUtc);
  return shown.length === 0 ? before : Math.max(...shown);
}

/** The midnight at which that day ends (ms). */
export function endOfDay({ year, month, day }: Pick<WallTime, 'year' | 'month' | 'day'>, timeZone: string): number {
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  const midnight = { hour: 0, minute: 0, second: 0 };
  return instantOf(
    { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate(), ...midnight },
    timeZone,
  );
}

const nameFormats = new Map<string, Intl.DateTimeFormat>();

/** As the platform shortens it for English readers: `UTC`, `EST`, `GMT+1`, in summer `EDT`, `GMT+2`. */
export function zoneNameAt(instant: number, timeZone: string): string {
  const format =
    nameFormats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short', hour: 'numeric' });
  nameFormats.set(timeZone, format);
  return format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}
