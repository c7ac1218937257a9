import type { Alert } from '../alert.js';
import { cutText } from '../cut-text.js';
import { openChannels, type Untold } from '../delivery/channel.js';
import { isPausedByStorm } from '../delivery/repeat.js';
import type { Looked } from './looked.js';
import { shownMoment } from './shown-time.js';

/** More than a person reads in a cell; one line, so that no row grows. */
const longest = 500;

export const asSentence = (text: string): string => cutText(text.replace(/\s+/gu, ' ').trim(), longest);

const untoldText = (untold: readonly Untold[]): string =>
  untold.map(({ channel, why }) => (why === undefined ? channel : `${channel}: ${why}`)).join('; ');

/** What a channel answered; one that simply has to wait is no news to the trader until it says why. */
function deliveryText(alert: Alert): string {
  if (alert.status !== 'notifying') return alert.untold === undefined ? '' : `not told on ${untoldText(alert.untold)}`;
  const waiting = openChannels(alert.delivery.channels).flatMap(({ channel, lastError }) =>
    lastError === undefined ? [] : [{ channel, why: lastError }],
  );
  return waiting.length === 0 ? '' : `not yet told on ${untoldText(waiting)}`;
}

/** Of the last urgent notification, where somebody has. */
function acknowledgedText({ receipts = [] }: Alert, timeZone: string): string {
  const last = receipts.toSorted((a, b) => a.rungAt - b.rungAt).at(-1);
  return last?.acknowledgedAt === undefined ? '' : `acknowledged ${shownMoment(last.acknowledgedAt, timeZone)}`;
}

const problemOf = (looked: Looked | undefined): string =>
  looked === undefined || looked.kind === 'funding' ? '' : (looked.problem ?? '');

/**
 * What its trader has to know beside the status, and what to do about it. Nothing of it changes from check to check while
 * nothing happens: a time that moves would write the cell every time.
 */
export function answerOf(alert: Alert, looked: Looked | undefined, timeZone: string): string {
  const isWaiting = alert.status === 'pending' && alert.active && alert.overAt === undefined;
  const parts = [
    ...(alert.overAt === undefined ? [] : ['its time ended; write a later date into expires to arm it afresh']),
    ...(isPausedByStorm(alert)
      ? ['it fired fifteen times within an hour; set active to FALSE, then TRUE, to go on']
      : []),
    ...(isWaiting ? [problemOf(looked)] : []),
    ...(isWaiting && alert.rearm !== undefined ? ['armed again when the price was back on the other side'] : []),
    deliveryText(alert),
    acknowledgedText(alert, timeZone),
  ];
  return asSentence(parts.filter((part) => part !== '').join('. '));
}
