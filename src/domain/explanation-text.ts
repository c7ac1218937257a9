import type { Alert, NotifyingAlert } from './alert.js';
import type { AccountWaits } from './delivery/backoff.js';
import type { ChannelDelivery } from './delivery/channel.js';
import { isPausedByStorm } from './delivery/repeat.js';
import type { NotFiredReason } from './evaluation.js';
import { type Explanation, type Foreseen, nextCheckAt, type SeenNow } from './explanation.js';
import { reachedText, shownFunding } from './funding.js';
import { deliveredAt, type FireRecord } from './history.js';
import { marketKey } from './market.js';
import { shownTime, waitText } from './message.js';
import { shownPrice } from './price.js';
import { minuteMs } from './time.js';

/** Tells an instant (ms) in words, in whose zone and on which day it is read. */
export type TellTime = (instant: number) => string;

export const tellingTime =
  (now: number, timeZone: string): TellTime =>
  (instant) =>
    shownTime(instant, now, timeZone);

function pendingText(alert: Alert, at: number, time: TellTime, timeZone: string): string {
  const { active, overAt, rearm, armedAt, expires } = alert;
  if (overAt !== undefined)
    return `It is over since ${time(expires?.at ?? overAt)}; write a later date into expires to arm it afresh.`;
  if (!active) return 'It is paused: active is FALSE in its row. TRUE arms it.';
  if (rearm !== undefined) return 'It has fired, and is armed again when the price was back on the other side.';
  const wait = waitText(alert, at, timeZone);
  return wait === undefined ? `It is armed since ${time(armedAt)}.` : `It has fired and ${wait}.`;
}

/** Where the alert stands, in one sentence. `now` in ms. */
export function standingSentence(alert: Alert, now: number, timeZone: string): string {
  const time = tellingTime(now, timeZone);
  switch (alert.status) {
    case 'pending':
      return pendingText(alert, now, time, timeZone);
    case 'triggered': {
      if (isPausedByStorm(alert))
        return 'It fired fifteen times within an hour, so it is paused; set active to FALSE, then TRUE, to go on.';
      const when = alert.triggeredAt === undefined ? '' : ` at ${time(alert.triggeredAt)}`;
      return `It has fired${when}, and fires once; set active to FALSE, then TRUE, to arm it again.`;
    }
    case 'notifying': {
      const { trigger } = alert.delivery;
      return `It has fired: touched ${shownPrice(reachedText(trigger))} at ${time(trigger.touchedAt)}, and is being sent.`;
    }
    case 'expired':
      return `Its row left the sheet at ${time(alert.expiredAt)}, so it is not watched.`;
  }
}

const distanceText = (distance: number | undefined, unit: string): string =>
  distance === undefined ? '' : `; the target is ${Number(distance.toPrecision(3))} ${unit} away`;

/** What the market says now. */
export function priceSentence(seen: SeenNow, time: TellTime): string {
  const { market, at, distance } = seen;
  if ('funding' in seen)
    return `${marketKey(market)} has a funding of ${shownFunding(seen.funding)} at ${time(at)}${distanceText(distance, 'points')}.`;
  const day =
    seen.day === undefined
      ? ''
      : `, the day's range ${shownPrice(seen.day.low.text)} to ${shownPrice(seen.day.high.text)}`;
  return `${marketKey(market)} trades at ${shownPrice(seen.last.text)} at ${time(at)}${day}${distanceText(distance, '%')}.`;
}

const spanText = (spanMs: number): string =>
  spanMs < 2 * minuteMs && spanMs !== minuteMs ? `${spanMs / 1000} s` : `${Math.round(spanMs / minuteMs)} min`;

/** Which candles were asked for, or why none were; undefined where no candle could matter. */
export function candleSentence(
  { candles, seen }: Pick<Explanation, 'candles' | 'seen'>,
  time: TellTime,
): string | undefined {
  const { verdict, asked, hasAskedRanges, isPartial } = candles;
  if (asked.length > 0) {
    const shown = asked.map(({ spanMs, from, to }) => `of ${spanText(spanMs)} from ${time(from)} to ${time(to)}`);
    const market = asked[0] && marketKey(asked[0].market);
    return `Candles of ${market} were asked for: ${shown.join(', ')}${isPartial ? '; not all came, so the window stays open' : ''}.`;
  }
  if (verdict === undefined || seen === undefined || !('last' in seen)) return undefined;
  switch (verdict) {
    case 'no-candle-yet':
      return 'No candles were asked for: none has begun since it was armed.';
    case 'ruled-out':
      return "No candles were asked for: the day's range rules a touch out.";
    default:
      return hasAskedRanges
        ? 'No candles were asked for: the extremes since the last check rule a touch out.'
        : 'No candles were asked for.';
  }
}

/** Why an alert stays silent, for whoever asks. */
export const silentTexts: Readonly<Record<NotFiredReason, string>> = {
  'not-armed': 'it is not armed',
  'no-price': 'no exchange gave a price',
  'no-evidence-since-armed': 'there is no price yet from after it was armed',
  'waits-out-repeat': 'it has fired, and waits out its repeat',
  'not-touched': 'its condition was not met in that time',
};

/** What the next check would do. */
export function foreseenSentence(foreseen: Foreseen, time: TellTime): string {
  switch (foreseen.kind) {
    case 'fires': {
      const { trigger } = foreseen;
      return `The next check fires it: ${shownPrice(reachedText(trigger))} was reached at ${time(trigger.touchedAt)}.`;
    }
    case 'silent':
      return `It stays silent: ${silentTexts[foreseen.reason]}.`;
    case 'armed-again':
      return 'The next check arms it again: the price was on the other side.';
    case 'waits':
      return 'It stays silent: the price was not yet on the other side.';
  }
}

const because = (error: string | undefined): string => (error === undefined ? '' : `: ${error}`);

function channelSentence(each: ChannelDelivery, waits: AccountWaits, time: TellTime): string {
  const { channel } = each;
  switch (each.state) {
    case 'accepted':
      return `${channel} accepted it at ${time(each.at)}.`;
    case 'given-up':
      return `${channel} was given up${because(each.lastError)}.`;
    default: {
      const wait = waits[channel];
      const next = each.nextAttemptAt ?? wait?.retryAt;
      const when = next === undefined ? 'by the next check' : `from ${time(next)} on`;
      const word = each.state === 'refused' ? 'refused it' : 'has not accepted it yet';
      const repeat = each.isPossibleRepeat ? '; the next message says that it may be a repeat' : '';
      return `${channel} ${word}${because(each.lastError ?? wait?.detail)}; tried again ${when}${repeat}.`;
    }
  }
}

/** Where its notification stands on each channel of its user. */
export const outboxSentences = ({ delivery }: NotifyingAlert, waits: AccountWaits, time: TellTime): readonly string[] =>
  delivery.channels.map((each) => channelSentence(each, waits, time));

/** The last fire as the history has it. */
export function fireSentence(fire: FireRecord, time: TellTime): string {
  const delivered = deliveredAt(fire);
  const told = fire.channels.map((each) => {
    if (each.outcome !== 'accepted') return `${each.channel} ${each.outcome}${because(each.detail)}`;
    const seen = each.acknowledgedAt === undefined ? '' : `, acknowledged at ${time(each.acknowledgedAt)}`;
    return `${each.channel} accepted${seen}`;
  });
  const when = delivered === undefined ? '' : `, told at ${time(delivered)}`;
  const { trigger } = fire;
  return `Its last fire: ${shownPrice(reachedText(trigger))} at ${time(trigger.touchedAt)}${when} (${told.join('; ')}).`;
}

/** When the next check comes, by the pace of the last two. */
export function checkSentence({ checks, at }: Pick<Explanation, 'checks' | 'at'>, time: TellTime): string {
  const { lastAt, everyMs } = checks;
  if (lastAt === undefined) return 'There was no check yet.';
  const next = nextCheckAt(checks);
  if (next === undefined || everyMs === undefined) return `The last check was at ${time(lastAt)}.`;
  const pace = `the last two were ${spanText(Math.round(everyMs / 1000) * 1000)} apart`;
  return next + everyMs < at
    ? `The last check was at ${time(lastAt)}; ${pace}, so the next is overdue, unless checks are made by hand.`
    : `The last check was at ${time(lastAt)}, the next one comes at about ${time(next)}: ${pace}.`;
}

const askedFor = ({ symbol, condition, id, user }: Alert, row: number | undefined): string => {
  const where = row === undefined ? 'no row' : `row ${row}`;
  return `${symbol} ${condition.kind} ${condition.target.text} (${where}, id ${id}, of ${user})`;
};

/** Before all else that there is to say of it. */
export const wrongRowSentence = (row: number | undefined, error: string): string =>
  `Row ${row} is wrong, so it is not watched as it stands: ${error}.`;

/** All of it, a sentence a line. */
export function explainedLines(explained: Explanation, timeZone: string): readonly string[] {
  const { alert, isStored, row, at, seen, failed, window, foreseen, lastFire } = explained;
  const time = tellingTime(at, timeZone);
  const candles = candleSentence(explained, time);
  return [
    askedFor(alert, row),
    isStored ? standingSentence(alert, at, timeZone) : 'No check has seen its row yet; the next one arms it.',
    ...(alert.status === 'notifying' ? outboxSentences(alert, explained.accountWaits, time) : []),
    ...(seen === undefined ? [] : [priceSentence(seen, time)]),
    ...failed.map(({ exchange, symbol, reason }) => `${exchange} gave nothing for ${symbol}: ${reason}.`),
    ...(window === undefined ? [] : [`The next check looks at all from ${time(window.from)} on.`]),
    ...(candles === undefined ? [] : [candles]),
    ...(foreseen === undefined ? [] : [foreseenSentence(foreseen, time)]),
    ...(lastFire === undefined || alert.status === 'notifying' ? [] : [fireSentence(lastFire, time)]),
    checkSentence(explained, time),
  ];
}
