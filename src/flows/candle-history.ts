import { endOf } from '../domain/evidence/bar.js';
import type { Candle } from '../domain/evidence/candle.js';
import { type Market, marketKey, type SourceName, sourceName } from '../domain/market.js';
import type { PriceSource } from './ports/price-source.js';
import { createRangeHistory, type RangeHistory } from './range-history.js';

type SourceKey = Pick<PriceSource, 'name' | 'kind'>;

/** Settled candles that were read without a gap; `from` and `to` in ms. */
export interface KnownStretch {
  readonly from: number;
  readonly to: number;
  /** In any order; a minute may stand as a candle and as sixty of a second. */
  readonly candles: readonly Candle[];
}

/** What an instance keeps from run to run, so that a look-back is read once. Nothing rests on it but the number of requests. */
export interface CandleHistory extends RangeHistory {
  /** What is known from `from` on, without a gap; undefined where that is nothing. */
  since(market: Market, from: number): KnownStretch | undefined;
  keep(market: Market, stretch: KnownStretch): void;
  /** Whether the day's ranges left something of a source open, when they were last asked for. */
  dayFellShort(source: SourceKey): boolean;
  noteDay(source: SourceKey, fellShort: boolean): void;
  /** Finer ones of what is known already, so that a question is not asked again. */
  refine(market: Market, finer: readonly Candle[]): void;
}

/** About a kilobyte each: less than the Lambda's memory by far. */
const mostCandles = 20_000;

/** The markets that were asked for longest ago make room. */
export function createCandleHistory(most = mostCandles): CandleHistory {
  const stretches = new Map<string, KnownStretch>();
  const fallenShort = new Set<SourceName>();
  const keyOf = ({ name, kind }: SourceKey): SourceName => sourceName({ exchange: name, kind });
  let count = 0;
  function drop(key: string): void {
    count -= stretches.get(key)?.candles.length ?? 0;
    stretches.delete(key);
  }
  function put(key: string, stretch: KnownStretch): void {
    drop(key);
    stretches.set(key, stretch);
    count += stretch.candles.length;
    for (const oldest of [...stretches.keys()]) {
      if (count <= most) return;
      drop(oldest);
    }
  }
  return {
    ...createRangeHistory(),
    since(market, from) {
      const key = marketKey(market);
      const known = stretches.get(key);
      if (known === undefined || known.from > from || known.to <= from) return undefined;
      stretches.delete(key);
      stretches.set(key, known);
      return { ...known, from, candles: known.candles.filter(({ openAt }) => openAt >= from) };
    },
    dayFellShort: (source) => fallenShort.has(keyOf(source)),
    noteDay(source, fellShort) {
      if (fellShort) fallenShort.add(keyOf(source));
      else fallenShort.delete(keyOf(source));
    },
    keep: (market, stretch) => put(marketKey(market), stretch),
    refine(market, finer) {
      const known = stretches.get(marketKey(market));
      if (known === undefined) return;
      const inside = finer.filter((candle) => candle.openAt >= known.from && endOf(candle) <= known.to);
      if (inside.length > 0) put(marketKey(market), { ...known, candles: [...known.candles, ...inside] });
    },
  };
}
