import { kindNamed } from './conditions/registry.js';
import { type Due, highestPriority } from './delivery/digest.js';
import type { Notification } from './delivery/notification.js';
import { isStorm } from './delivery/repeat.js';
import { factsOf } from './facts.js';
import { reachedText } from './funding.js';
import { fingerprint } from './identity.js';
import { askedText, cut, isElsewhere, shownClock } from './message.js';
import { shownPrice } from './price.js';
import { ringsInQuietHours } from './quiet-hours.js';

const pauseLine = 'Paused: fired fifteen times within an hour; set active of that row to FALSE, then TRUE, to go on.';

/** How digests are sent this time; `now` in ms, `timeZone` an IANA name. */
export interface DigestSending {
  readonly now: number;
  readonly timeZone: string;
  readonly isQuiet: boolean;
}

/** What can be said of an alert however many others stand beside it. */
interface Entry {
  readonly due: Due;
  readonly name: string;
  /** Of its line, all but the name. */
  readonly text: string;
  readonly facts: Notification['facts'];
}

/** What the message of one alert says first, in one line; the rest stands in the sheet. */
function entryOf(due: Due, { now, timeZone }: DigestSending): Entry {
  const { alert, isPossibleRepeat } = due;
  const { trigger, fireId } = alert.delivery;
  const text = [
    `${askedText(alert)}, ${shownPrice(reachedText(trigger))} at ${shownClock(trigger.touchedAt, now, timeZone)}`,
    isElsewhere(alert, trigger) ? ` on ${trigger.market.exchange}` : '',
    isStorm(alert) ? ' (paused)' : '',
    isPossibleRepeat ? ' (possible repeat)' : '',
  ].join('');
  const facts = { id: fireId, ...factsOf(alert, trigger, isPossibleRepeat) };
  return { due, name: alert.name.replace(/\s+/g, ' ').trim(), text, facts };
}

function digestNotification(entries: readonly Entry[], sending: DigestSending, longestName: number): Notification {
  const alerts = entries.map(({ due }) => due.alert);
  const [direction, ...others] = new Set(alerts.map(({ condition }) => kindNamed(condition.kind).direction));
  const priority = highestPriority(alerts.map((alert) => alert.priority));
  const lines = entries.map(({ name, text }) => (name === '' ? text : `${cut(name, longestName)}: ${text}`));
  return {
    id: `digest-${fingerprint(alerts.map(({ delivery }) => delivery.fireId))}`,
    kind: 'digest',
    title: `${entries.length} more alerts fired (times in ${sending.timeZone})`,
    lines: alerts.some(isStorm) ? [...lines, pauseLine] : lines,
    happenedAt: Math.max(...alerts.map(({ delivery }) => delivery.trigger.touchedAt)),
    priority,
    isSilent: sending.isQuiet && !ringsInQuietHours(priority),
    direction: others.length === 0 ? direction : undefined,
    facts: { alerts: entries.map(({ facts }) => facts) },
  };
}

/**
 * Several alerts of one user in one message, a line each, with names of at most so many characters. The same alerts have the
 * same id at every attempt. To see how many fit, the same lines are written many times; each is made once.
 */
export function digestWriter(sending: DigestSending): (dues: readonly Due[], longestName: number) => Notification {
  const entries = new Map<Due, Entry>();
  function entry(due: Due): Entry {
    const made = entries.get(due) ?? entryOf(due, sending);
    entries.set(due, made);
    return made;
  }
  return (dues, longestName) => digestNotification(dues.map(entry), sending, longestName);
}
