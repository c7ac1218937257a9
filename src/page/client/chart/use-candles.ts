import { useEffect, useState } from 'preact/hooks';
import type { CandleSpan, CandleView, MarketView, Refused } from '../../protocol.js';
import { getCandles } from '../api.js';
import { marketKeyOf } from '../shown.js';

/** Between two readings the last price moves the last candle. */
const refreshMs = 30_000;

export interface Candles {
  readonly span: CandleSpan;
  readonly candles: readonly CandleView[];
}

/** What was read last stays while a new reading fails, and the failure is told. */
export function useCandles(market: MarketView, span: CandleSpan) {
  const [read, setRead] = useState<Candles>();
  const [refused, setRefused] = useState<Refused>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isOver = false;
    const load = async () => {
      const answer = await getCandles(market, span);
      if (isOver) return;
      if (answer.ok) setRead({ span, candles: answer.value });
      setRefused(answer.ok ? undefined : answer.error);
    };
    void load();
    const timer = setInterval(load, refreshMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [marketKeyOf(market), span, tries]);
  return { read, refused, retry: () => setTries((count) => count + 1) };
}
