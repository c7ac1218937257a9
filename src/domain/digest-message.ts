import { type Due, highestPriority } from './delivery/digest.js';
import type { Notification } from './delivery/notification.js';
import { isStorm } from './delivery/repeat.js';
import { fingerprint } from './identity.js';
import { askedText, cut, directions, factsOf, isElsewhere, shownClock } from './message.js';
import { shownPrice } from './price.js';
import { ringsInQuietHours } from './quiet-hours.js';

const pauseLine = 'Paused: fired fifteen times within an hour; set active of that row to FALSE, then TRUE, to go on.';

/** How a digest is sent this time; `now` in ms, `timeZone` an IANA name. */
export interface DigestSending {
  readonly now: number;
  readonly timeZone: string;
  readonly isQuiet: boolean;
  /** Of a name, in characters. */
  readonly longestName: number;
}

/** What the message of one alert says first, in one line; the rest stands in the sheet. */
function lineOf({ alert, isPossibleRepeat }: Due, { now, timeZone, longestName }: DigestSending): string {
  const { trigger } = alert.delivery;
  const name = cut(alert.name.replace(/\s+/g, ' ').trim(), longestName);
  return [
    name === '' ? '' : `${name}: `,
    `${askedText(alert)}, ${shownPrice(trigger.price)} at ${shownClock(trigger.touchedAt, now, timeZone)}`,
    isElsewhere(alert, trigger) ? ` on ${trigger.market.exchange}` : '',
    isStorm(alert) ? ' (paused)' : '',
    isPossibleRepeat ? ' (possible repeat)' : '',
  ].join('');
}

/** Several alerts of one user in one message, a line each. The same alerts have the same id at every attempt. */
export function digestNotification(dues: readonly Due[], sending: DigestSending): Notification {
  const alerts = dues.map(({ alert }) => alert);
  const [direction, ...others] = new Set(alerts.map(({ condition }) => directions[condition.kind]));
  const priority = highestPriority(alerts.map((alert) => alert.priority));
  return {
    id: `digest-${fingerprint(alerts.map(({ delivery }) => delivery.fireId))}`,
    kind: 'digest',
    title: `${dues.length} more alerts fired (times in ${sending.timeZone})`,
    lines: [...dues.map((due) => lineOf(due, sending)), ...(alerts.some(isStorm) ? [pauseLine] : [])],
    happenedAt: Math.max(...alerts.map(({ delivery }) => delivery.trigger.touchedAt)),
    priority,
    isSilent: sending.isQuiet && !ringsInQuietHours(priority),
    direction: others.length === 0 ? direction : undefined,
    facts: {
      alerts: dues.map(({ alert, isPossibleRepeat }) => ({
        id: alert.delivery.fireId,
        ...factsOf(alert, alert.delivery.trigger, isPossibleRepeat),
      })),
    },
  };
}
