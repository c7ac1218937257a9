import type { NotifyingAlert } from '../alert.js';
import { type Priority, priorities } from '../fields/priority.js';
import type { Notification } from './notification.js';

/** A claimed alert that has to be told on a channel. */
export interface Due {
  readonly alert: NotifyingAlert;
  /** An earlier attempt on this channel may have arrived. */
  readonly isPossibleRepeat: boolean;
}

/** So many notifications of one user and channel go one by one in a run; what comes after them is gathered. */
const oneByOne = 5;

/** As it is decided. `before`: how many there were in the run before this one, urgent ones included. */
export const goesAtOnce = (before: number, priority: Priority): boolean => before < oneByOne || priority === 'urgent';

/**
 * Taken over together, too many go together from the first one on: a service that takes only a few messages in a row would
 * never come to the rest.
 */
export const goTogether = (before: number, count: number): boolean => before + count > oneByOne;

/** Throws where there is none. */
export function highestPriority(all: readonly Priority[]): Priority {
  const highest = priorities.findLast((priority) => all.includes(priority));
  if (highest === undefined) throw new Error('expected at least one priority');
  return highest;
}

const collator = new Intl.Collator('en', { numeric: true });
const askedOf = ({ alert: { symbol, condition } }: Due): string =>
  [symbol, condition.kind, condition.target.text].join(' ');

/** The order of the lines: as it happened; what happened at once, by symbol. */
export const byTouch = (a: Due, b: Due): number =>
  a.alert.delivery.trigger.touchedAt - b.alert.delivery.trigger.touchedAt || collator.compare(askedOf(a), askedOf(b));

/** What is gathered, in one message: one alert alone, or several. */
export interface Digest<Each> {
  readonly entries: readonly [Each, ...Each[]];
  readonly notification: Notification;
}

/** How many of the first fit together; one always goes, cut where it has to be. More of them never fit where fewer do not. */
function howManyFit(length: number, doFit: (count: number) => boolean): number {
  let fit = 1;
  let tooMany = length + 1;
  while (tooMany - fit > 1) {
    const middle = (fit + tooMany) >> 1;
    if (doFit(middle)) fit = middle;
    else tooMany = middle;
  }
  return fit;
}

/** By characters. A message that need not be full has room for whole names. */
const longestNames = [60, 30, 12] as const;

/** As many entries as fit in one message, then as many as fit in another: with the longest names that need no more messages. */
export function digestsOf<Each>(
  entries: readonly Each[],
  write: (entries: readonly Each[], longestName: number) => Notification,
  fits: (notification: Notification) => boolean,
): readonly Digest<Each>[] {
  const splits = longestNames.map((longestName) => {
    const digests: Digest<Each>[] = [];
    for (let left = entries; left.length > 0; ) {
      const count = howManyFit(left.length, (few) => fits(write(left.slice(0, few), longestName)));
      const [first, ...others] = left.slice(0, count);
      if (first === undefined) break;
      const together = [first, ...others] as const;
      digests.push({ entries: together, notification: write(together, longestName) });
      left = left.slice(count);
    }
    return digests;
  });
  return splits.reduce((best, split) => (split.length < best.length ? split : best));
}
