import type { Asked, Trigger } from './alert.js';
import { leaseMs } from './delivery/backoff.js';
import { marketKey } from './market.js';
import { shownPrice } from './price.js';

/** `timestamp` in seconds since 1970, as Pushover takes it. */
export interface Message {
  readonly user: string;
  readonly title: string;
  readonly text: string;
  readonly timestamp: number;
}

/** https://pushover.net/api#messages */
export const messageLimits = { title: 250, text: 1024 };

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `14:03 UTC`, with the day where it is not the day of `now`. */
export function shownTime(instant: number, now: number): string {
  const date = new Date(instant);
  const time = `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())} UTC`;
  const day = date.toISOString().slice(0, 10);
  return day === new Date(now).toISOString().slice(0, 10) ? time : `${day} ${time}`;
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A push that was put off must not call an old price the price now; within the run that saw it, it is. */
function shownLastPrice({ lastPrice, lastPriceAt }: Trigger, now: number): string {
  const shown = shownPrice(lastPrice);
  return now - lastPriceAt < leaseMs ? `now ${shown}` : `last price ${shown} at ${shownTime(lastPriceAt, now)}`;
}

/** The same facts at every attempt; only the warning of a repeat is added, and the day and the last price's age shown. */
export function messageFor(
  alert: Asked,
  trigger: Trigger,
  sending: { isPossibleRepeat: boolean; now: number },
): Message {
  const { condition } = alert;
  const asked = `${alert.symbol} ${condition.kind} ${condition.target.text}`;
  // A price cut short would be another price, so it is the name that makes room.
  const roomForName = messageLimits.title - ': '.length - asked.length;
  const hasName = alert.name !== '' && roomForName > 0;
  const isElsewhere = alert.exchange !== undefined && alert.exchange !== trigger.market.exchange;
  const lines = [
    sending.isPossibleRepeat ? 'Possible repeat: it is not known whether an earlier push arrived.' : '',
    `touched ${shownPrice(trigger.price)} at ${shownTime(trigger.touchedAt, sending.now)}, ${shownLastPrice(trigger, sending.now)}`,
    `${marketKey(trigger.market)}${isElsewhere ? ` (${alert.exchange} gave no price)` : ''}`,
    alert.notes,
  ];
  return {
    user: alert.user,
    title: cut(hasName ? `${cut(alert.name, roomForName)}: ${asked}` : asked, messageLimits.title),
    text: cut(lines.filter((line) => line !== '').join('\n'), messageLimits.text),
    timestamp: Math.floor(trigger.touchedAt / 1000),
  };
}
