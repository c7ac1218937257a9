import type { Alert } from '../domain/alert.js';
import type { PriceEvidence } from '../domain/evaluation.js';
import { type CheckedThrough, checkedThrough, settlingMs, windowStart } from '../domain/evidence/watermark.js';
import { type ExchangeName, type Market, marketKey } from '../domain/market.js';
import { createAsker } from './ask-exchanges.js';
import { gatherCandles, type TellEvidence } from './gather-candles.js';
import { gatherQuotes, questionKey, questionsOf } from './gather-quotes.js';
import type { Ports, PriceError } from './ports.js';
import type { Run } from './run.js';
import type { FailedMarket } from './summary.js';

export interface Gathered {
  evidenceFor(alert: Alert): PriceEvidence | undefined;
  /** Markets that gave a price. */
  readonly checked: number;
  readonly failed: readonly FailedMarket[];
  /** Markets that found no time. */
  readonly left: number;
  readonly isEveryExchangeDown: boolean;
  readonly observed: ReadonlyMap<ExchangeName, PriceError | 'up'>;
  /** For the next run; the windows of `unclaimed` alerts' markets stay open, since their touch is not on record. */
  checkedThrough(unclaimed: readonly Alert[]): CheckedThrough;
}

/** All that this run can know of the armed alerts' markets: last prices, then candles where they could prove more. */
export async function gatherEvidence(
  ports: Pick<Ports, 'exchanges' | 'now'>,
  armed: readonly Alert[],
  before: CheckedThrough,
  run: Run,
  tell?: TellEvidence,
): Promise<Gathered> {
  const askedAt = ports.now();
  const questions = questionsOf(armed);
  const asker = createAsker(ports, run);
  const quoted = await gatherQuotes(ports.exchanges, questions, asker, before);
  const seen = await gatherCandles(ports.exchanges, quoted.quotes, before, asker, run, tell);
  return {
    evidenceFor: (alert) => seen.evidence.get(questionKey(alert)),
    checked: new Set(quoted.quotes.map(({ market }) => marketKey(market))).size,
    failed: [...quoted.failed, ...seen.failed],
    left: quoted.left + seen.left,
    isEveryExchangeDown: asker.isEveryExchangeDown(),
    observed: asker.observed(),
    checkedThrough(unclaimed) {
      const reopened = new Set(unclaimed.map(questionKey));
      const all = askedAt - settlingMs;
      const openSince: Record<string, number> = {};
      const keepOpen = (market: Market, since: number): void => {
        const key = marketKey(market);
        if (since < all) openSince[key] = Math.min(openSince[key] ?? since, since);
      };
      for (const { question, market } of quoted.unseen) {
        keepOpen(market, windowStart(question.alerts, checkedThrough(before, market)));
      }
      for (const { market, questions, openedAt, seenTo } of seen.markets) {
        if (questions.some(({ key }) => reopened.has(key))) keepOpen(market, openedAt);
        else if (seenTo !== undefined) keepOpen(market, seenTo);
      }
      return { all, openSince, neverSeen: quoted.neverSeen };
    },
  };
}
