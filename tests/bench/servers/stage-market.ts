import { Big } from 'big.js';
import { exchangeNames } from '../../../src/domain/market.js';
import type { SimulatedMarket } from '../../../src/simulators/market.js';
import { type Case, touchedAlerts } from '../cases.js';
import { fillers, marketsInUse, type StagedMarket, targetOf } from '../staged-markets.js';

const minuteMs = 60_000;

const text = (price: Big): string => new Big(price.toPrecision(10)).toFixed();

/** Trades of the last ten minutes, and how far the day went. */
function movesOf({ price }: StagedMarket, mood: Case['mood'], isTouched: boolean) {
  const at = (minutesAgo: number, factor: number) => ({ minutesAgo, price: text(price.times(factor)) });
  const before = at(10, 1);
  const quiet = { high24h: text(price.times(1.03)), low24h: text(price.times(0.97)) };
  const wide = { high24h: text(price.times(1.5)), low24h: text(price.times(0.5)) };
  switch (mood) {
    case 'all':
      return { day: quiet, ticks: [before, at(3, 1.5), at(2.5, 0.5), at(2, 1)] };
    case 'in-range':
      return { day: wide, ticks: [before] };
    case 'one-percent': {
      const touch = { minutesAgo: 2.5, price: text(targetOf(price, 0).target.times(1.0001)) };
      return { day: quiet, ticks: isTouched ? [before, touch] : [before] };
    }
    case 'quiet':
      return { day: quiet, ticks: [before] };
  }
}

/** Every exchange lists as much as it does in life, however few markets are in use. */
export function stageMarket(
  market: SimulatedMarket,
  { alerts, markets, mood }: Omit<Case, 'program' | 'isCold'>,
): void {
  const now = market.now();
  const inUse = marketsInUse(markets);
  const touched = touchedAlerts({ alerts, mood });
  const rest = exchangeNames.flatMap((name) => fillers(name, inUse.filter(({ exchange }) => exchange === name).length));
  for (const [index, staged] of [...inUse, ...rest].entries()) {
    const { exchange, symbol } = staged;
    const { day, ticks } = movesOf(staged, mood, index < touched);
    market.list(exchange, symbol, day);
    const path = ticks.map(({ minutesAgo, price }) => ({ at: now - minutesAgo * minuteMs, price }));
    market.move(exchange, symbol, path);
  }
}
