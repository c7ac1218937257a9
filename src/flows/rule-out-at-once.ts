import type { Alert } from '../domain/alert.js';
import { evidenceFrom, isRuledOutBy, needsLastPrice } from '../domain/evidence/needed-candles.js';
import { type Watermarks, watermarkOf } from '../domain/evidence/watermark.js';
import type { Market } from '../domain/market.js';
import type { Answer, ExchangeCalls } from './ask-exchanges.js';
import type { CandleHistory } from './candle-history.js';
import type { PriceSource, RecentRange } from './ports/price-source.js';

interface Asked {
  readonly market: Market;
  readonly priceRequest: { readonly alerts: readonly Alert[] };
}

type RuledOut = Extract<Answer, { ticker: unknown }> & { readonly recent: RecentRange };

/** By symbol, since when it has to be known what was traded (ms); undefined where one call cannot tell it of all. */
function sinceOf(source: PriceSource, asked: readonly Asked[], before: Watermarks, now: number) {
  const { rangesAtOnce: most, candleOffer } = source;
  const [smallestSpanMs = 0] = candleOffer.spansMs;
  const since = new Map<string, number>();
  for (const { market, priceRequest } of asked) {
    const through = watermarkOf(before, market);
    for (const alert of priceRequest.alerts) {
      const from = evidenceFrom(alert, through);
      if (most === undefined || from < now - most.ms || needsLastPrice(alert, now, smallestSpanMs)) return undefined;
      since.set(market.symbol, Math.min(from, since.get(market.symbol) ?? from));
    }
  }
  return most !== undefined && since.size <= most.markets ? since : undefined;
}

/**
 * What was traded since the last check, of all the markets that are asked of a source in one call: where that rules out
 * every alert, with its own last price, the longer list of the day's prices is not asked for. It is tried where the day's
 * ranges fell short at the last check, and proves nothing: where a market had no trade, anything is left or the call fails,
 * undefined, and all is asked for as if there were no such call. Only of markets that were seen at the last check: one
 * unknown symbol would fail it.
 */
export async function ruleOutAtOnce(
  source: PriceSource,
  asked: readonly Asked[],
  by: { readonly calls: ExchangeCalls; readonly before: Watermarks; readonly history: CandleHistory | undefined },
): Promise<ReadonlyMap<string, RuledOut> | undefined> {
  const { calls, before, history } = by;
  if (!history?.dayFellShort(source)) return undefined;
  const at = calls.now();
  const since = sinceOf(source, asked, before, at);
  if (since === undefined) return undefined;
  const recent = await calls.rangesSince(source, since);
  const answers = new Map<string, RuledOut>();
  for (const { market, priceRequest } of asked) {
    const range = recent.get(market.symbol);
    if (range?.last === undefined) return undefined;
    const { last } = range;
    if (!priceRequest.alerts.every((alert) => isRuledOutBy(alert, last, range))) return undefined;
    answers.set(market.symbol, { ticker: { last, high24h: undefined, low24h: undefined }, at, recent: range });
  }
  calls.noteAnswer(source);
  return answers;
}
