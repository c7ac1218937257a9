import { Big } from 'big.js';
import type { Alert, Asked, Trigger } from './alert.js';
import { kindNamed } from './conditions/registry.js';
import { cutText, utf16Units } from './cut-text.js';
import { leaseMs } from './delivery/backoff.js';
import type { Notification } from './delivery/notification.js';
import { waitsUntil } from './delivery/repeat.js';
import { factsOf } from './facts.js';
import { rate, shownFunding } from './funding.js';
import { marketKey } from './market.js';
import { shownPrice } from './price.js';
import { ringsInQuietHours } from './quiet-hours.js';
import { type WallTime, wallTimeAt, zoneNameAt } from './time-zone.js';

/** `timestamp` in seconds since 1970. */
export interface Message {
  readonly user: string;
  readonly title: string;
  readonly text: string;
  readonly timestamp: number;
}

const pauseText =
  'It has fired fifteen times within an hour, so it is paused now; set active to FALSE, then TRUE, to go on.';

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const dayText = ({ year, month, day }: WallTime): string =>
  [String(year).padStart(4, '0'), twoDigits(month), twoDigits(day)].join('-');

/** `14:03`, with the day where the zone's calendar shows another than at `now`. */
export function shownClock(instant: number, now: number, timeZone: string): string {
  const shown = wallTimeAt(instant, timeZone);
  const time = `${twoDigits(shown.hour)}:${twoDigits(shown.minute)}`;
  const day = dayText(shown);
  return day === dayText(wallTimeAt(now, timeZone)) ? time : `${day} ${time}`;
}

/** `14:03 UTC`, or `15:03 GMT+1`, with the day where the zone's calendar shows another than at `now`. */
export const shownTime = (instant: number, now: number, timeZone = 'UTC'): string =>
  `${shownClock(instant, now, timeZone)} ${zoneNameAt(instant, timeZone)}`;

/** What the row asks for. */
export const askedText = ({ symbol, condition }: Asked): string =>
  `${symbol} ${condition.kind} ${condition.target.text}`;

/** The exchange that the row names gave no price. */
export const isElsewhere = ({ exchange }: Asked, { market }: Trigger): boolean =>
  exchange !== undefined && exchange !== market.exchange;

/** No channel takes a longer title, so that a title is the same on all. */
const longestTitle = 250;

export const cut = (text: string, longest: number): string => cutText(text, longest, utf16Units);

/** Of an alert that fired and will be armed again: `waits until 15:03 UTC, repeat 1h`; undefined where it waits for nothing. */
export function waitText(alert: Alert, now: number, timeZone?: string): string | undefined {
  const until = waitsUntil(alert, now);
  return until === undefined
    ? undefined
    : `waits until ${shownTime(until, now, timeZone)}, repeat ${alert.repeat?.text}`;
}

/** A push that was put off must not call an old price the price now; within the run that saw it, it is. */
function shownLastPrice({ lastPrice, lastPriceAt }: Trigger, { now, timeZone }: Sending): string {
  const shown = shownPrice(lastPrice);
  return now - lastPriceAt < leaseMs
    ? `now ${shown}`
    : `last price ${shown} at ${shownTime(lastPriceAt, now, timeZone)}`;
}

/** Of what is measured: how far it is from the earlier price, in percent of that price, cut to two digits. */
function shownReference({ price: reached, reference }: Trigger, { now, timeZone }: Sending): string {
  if (reference === undefined) return '';
  const from = new Big(reference.price);
  const percent = new Big(reached).minus(from).times(100).div(from);
  const way = percent.gte(0) ? 'above' : 'below';
  const shown = `${shownPrice(reference.price)} at ${shownTime(reference.at, now, timeZone)}`;
  return `, ${percent.abs().round(2, Big.roundDown)} % ${way} ${shown}`;
}

/** What was reached, and where the market stands since. */
function shownTouch(trigger: Trigger, sending: Sending): string {
  const { now, timeZone } = sending;
  const { funding, price, touchedAt } = trigger;
  const at = shownTime(touchedAt, now, timeZone);
  if (funding === undefined) {
    return `touched ${shownPrice(price)} at ${at}${shownReference(trigger, sending)}, ${shownLastPrice(trigger, sending)}`;
  }
  const when = now - touchedAt < leaseMs ? '' : ` at ${at}`;
  const shown = shownFunding({ rate: rate(price), intervalHours: funding.intervalHours });
  return `funding${when} ${shown}; next ${shownTime(funding.nextAt, now, timeZone)}`;
}

/** How a notification is sent this time. */
export interface Sending {
  readonly isPossibleRepeat: boolean;
  /** ms since 1970 */
  readonly now: number;
  /** Of the one who is told, by its IANA name; left out, UTC. */
  readonly timeZone?: string;
  /** It is a time at which only what is pressing may ring. */
  readonly isQuiet?: boolean;
  /** The alert has fired so often that it pauses. */
  readonly isLastBeforePause?: boolean;
}

/** The same facts at every attempt; only the warning of a repeat is added, and the day and the last price's age shown. */
export function notificationFor(alert: Asked, id: string, trigger: Trigger, sending: Sending): Notification {
  const { condition, priority } = alert;
  const asked = askedText(alert);
  // A price cut short would be another price, so it is the name that makes room.
  const roomForName = longestTitle - ': '.length - asked.length;
  const hasName = alert.name !== '' && roomForName > 0;
  const lines = [
    sending.isPossibleRepeat ? 'Possible repeat: it is not known whether an earlier push arrived.' : '',
    sending.isLastBeforePause ? pauseText : '',
    shownTouch(trigger, sending),
    `${marketKey(trigger.market)}${isElsewhere(alert, trigger) ? ` (${alert.exchange} gave no price)` : ''}`,
    alert.notes,
  ];
  return {
    id,
    kind: 'fired',
    title: cut(hasName ? `${cut(alert.name, roomForName)}: ${asked}` : asked, longestTitle),
    lines: lines.filter((line) => line !== ''),
    happenedAt: trigger.touchedAt,
    priority,
    isSilent: sending.isQuiet === true && !ringsInQuietHours(priority),
    direction: kindNamed(condition.kind).direction,
    facts: factsOf(alert, trigger, sending.isPossibleRepeat),
  };
}

/** What was asked for, on a silent note. */
export function endNotification(
  alert: Asked & { readonly triggeredCount: number },
  id: string,
  { now, timeZone }: Pick<Sending, 'now' | 'timeZone'>,
): Notification {
  const { condition, triggeredCount: times } = alert;
  const asked = askedText(alert);
  const roomForName = longestTitle - ' is over: '.length - asked.length;
  const name = roomForName > 0 ? cut(alert.name, roomForName) : '';
  const fired = times === 0 ? 'It has not fired.' : `It has fired ${times === 1 ? 'once' : `${times} times`}.`;
  const until = alert.expires === undefined ? '' : ` at ${shownTime(alert.expires.at, now, timeZone)}`;
  return {
    id,
    kind: 'notice',
    title: cut(`${name === '' ? 'Alert' : name} is over: ${asked}`, longestTitle),
    lines: [`Its time ended${until}. ${fired} Write a later date into expires to arm it afresh.`],
    happenedAt: alert.expires?.at ?? now,
    priority: 'low',
    isSilent: true,
    direction: undefined,
    facts: { alertId: alert.id, user: alert.user, symbol: alert.symbol, condition: condition.kind, isOver: true },
  };
}
