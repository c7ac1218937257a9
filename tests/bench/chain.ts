import { exchange as coinbase } from '../../src/adapters/exchanges/coinbase/exchange.js';
import { type Case, touchedAlerts } from './cases.js';
import { latencyMs } from './latencies.js';
import { candleMarkets } from './staged-markets.js';

/** What every program has to keep to: DESIGN.md, and https://pushover.net/api#friendly */
const atATime = { exchange: 10, push: 2 };

/** Of one user: so many go one by one, and of the rest so many lines of 53 characters fit in Pushover's 1024. */
const digest = { oneByOne: 5, lines: 19 };

/** How many pushes so many alerts make at the most, at once and in the end. */
export function pushesFor(measured: Pick<Case, 'alerts' | 'mood' | 'asks'>): { atOnce: number; gathered: number } {
  const users = measured.asks === 'one-user' ? 1 : 2;
  const each = Math.ceil(touchedAlerts(measured) / users);
  const touched = Math.min(users, touchedAlerts(measured));
  return {
    atOnce: touched * Math.min(each, digest.oneByOne),
    gathered: touched * Math.ceil(Math.max(0, each - digest.oneByOne) / digest.lines),
  };
}

/** What Pushover's two connections take for so many pushes. */
const pushBoundMs = (pushes: number): number => Math.ceil(pushes / atATime.push) * latencyMs.push;

export interface Link {
  readonly name: string;
  readonly ms: number;
}

/** From the first price request to the last candle: ten at a time, and at Coinbase ten a second, its prices included. */
function candlesMs(measured: Case): { first: number; later: number } {
  const { all, ofCoinbase } = candleMarkets(measured);
  const byCount = latencyMs.exchange * Math.ceil(all / atATime.exchange);
  const byPace = 1_000 * Math.floor(ofCoinbase / (coinbase.requestsPerSecond ?? Number.POSITIVE_INFINITY));
  const first = all > 0 ? latencyMs.exchange : 0;
  return { first, later: Math.max(byCount, byPace) - first };
}

/** What comes after the last prices; the day's ranges come beside them. */
const rangesMs = ({ mood }: Case): number => (mood === 'in-range' ? latencyMs.exchange : 0);

/**
 * The longest chain of round trips that a check cannot do without. `pages`: of the listed alerts, read one after another,
 * and all of them before the sheet is asked for: an older sheet would undo what an overlapping check took from a newer one.
 * Candles and pushes can overlap: after the first candles the longer of the two counts. What is gathered has to wait for
 * all of them, but not for the commits of what was not. A fire stands in the history before it is committed, so that
 * nothing that is committed is missing there.
 */
export function chainOf(measured: Case, pages: number): readonly Link[] {
  const { secret, token, sheet, dynamodb, exchange } = latencyMs;
  const access = [
    { name: 'secret', ms: measured.isCold ? secret : 0 },
    { name: 'token', ms: measured.isCold ? token : 0 },
  ];
  const listing = [{ name: pages === 1 ? 'alerts' : `${pages} pages of alerts`, ms: pages * dynamodb }];
  const candles = candlesMs(measured);
  const { atOnce, gathered } = pushesFor(measured);
  const settlingMs = 2 * dynamodb;
  const tellingMs = atOnce > 0 ? dynamodb + pushBoundMs(atOnce) : 0;
  const telling =
    atOnce > 0 && gathered === 0
      ? { name: 'claim, push, history, commit', ms: tellingMs + settlingMs }
      : { name: 'claim, push', ms: tellingMs };
  const digestsMs = gathered > 0 ? pushBoundMs(gathered) + settlingMs : 0;
  const moreCandles = { name: 'more candles', ms: candles.later };
  return [
    // Neither waits for the other.
    ...(limitMs(listing) > limitMs(access) ? listing : access),
    { name: 'sheet', ms: sheet },
    { name: 'prices', ms: exchange },
    candles.first > 0 ? { name: 'candles', ms: candles.first } : { name: 'ranges', ms: rangesMs(measured) },
    telling.ms > moreCandles.ms ? telling : moreCandles,
    { name: 'digests, history, commit', ms: digestsMs },
    { name: 'checkpoint', ms: dynamodb },
    { name: 'sheet again, answers', ms: measured.asks === 'answered' && measured.mood !== 'quiet' ? 2 * sheet : 0 },
  ].filter(({ ms }) => ms > 0);
}

export const limitMs = (chain: readonly Link[]): number => chain.reduce((sum, { ms }) => sum + ms, 0);
