import { Big } from 'big.js';
import { exchangeNames } from '../../../src/domain/market.js';
import type { SimulatedMarket } from '../../../src/simulators/market.js';
import type { Case } from '../cases.js';
import { fillers, marketsInUse, movedMarkets, quietDay, type StagedMarket, targetOf } from '../staged-markets.js';

const minuteMs = 60_000;

const text = (price: Big): string => new Big(price.toPrecision(10)).toFixed();

/** For whom candles of a day are looked back over, something was traded before it. */
const longAgo = 26 * 60;

/** Trades of the last ten minutes, and how far the day went. */
function movesOf({ price }: StagedMarket, { mood, asks }: Pick<Case, 'mood' | 'asks'>, isTouched: boolean) {
  const at = (minutesAgo: number, factor: number) => ({ minutesAgo, price: text(price.times(factor)) });
  const before = at(asks === 'plain' ? 10 : longAgo, 1);
  const quiet = { high24h: text(price.times(quietDay.high)), low24h: text(price.times(quietDay.low)) };
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
    case 'new-extremes': {
      const further = [at(2.5, quietDay.high + 0.01), at(2.2, quietDay.low - 0.01), at(2, 1)];
      return { day: quiet, ticks: isTouched ? [before, ...further] : [before] };
    }
    case 'quiet':
      return { day: quiet, ticks: [before] };
  }
}

/** Every exchange lists as much as it does in life, however few markets are in use. */
export function stageMarket(market: SimulatedMarket, staged: Omit<Case, 'program' | 'isCold'>): void {
  const { markets } = staged;
  const now = market.now();
  const inUse = marketsInUse(markets);
  const touched = movedMarkets(staged);
  const rest = exchangeNames.flatMap((name) => fillers(name, inUse.filter(({ exchange }) => exchange === name).length));
  for (const [index, each] of [...inUse, ...rest].entries()) {
    const { exchange, symbol } = each;
    const { day, ticks } = movesOf(each, staged, index < touched);
    market.list(exchange, symbol, day);
    const path = ticks.map(({ minutesAgo, price }) => ({ at: now - minutesAgo * minuteMs, price }));
    market.move(exchange, symbol, path);
  }
}
