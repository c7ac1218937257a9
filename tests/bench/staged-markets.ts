import { Big } from 'big.js';
import type { ConditionName } from '../../src/domain/conditions/registry.js';
import type { ExchangeName } from '../../src/domain/market.js';
import { type Asks, type Case, touchedAlerts } from './cases.js';

export interface StagedMarket {
  readonly exchange: ExchangeName;
  readonly symbol: string;
  readonly price: Big;
}

/** How many symbols each exchange lists: what a bulk answer holds, however few are in use. Another one lists one. */
export const listed: Readonly<Partial<Record<ExchangeName, number>>> = { binance: 2_200, bybit: 700, coinbase: 800 };

/** From a cent to three thousand, with the digits that exchanges give. */
const priceOf = (index: number): Big => new Big((10 ** ((index % 12) / 2 - 2) * (1 + index / 5_000)).toPrecision(6));

const symbolOf = (exchange: ExchangeName, index: number): string =>
  exchange === 'coinbase' ? `T${index}-USD` : `T${index}USDT`;

export const fillers = (exchange: ExchangeName, from: number): StagedMarket[] =>
  Array.from({ length: Math.max(0, (listed[exchange] ?? 1) - from) }, (_, index) => {
    return { exchange, symbol: symbolOf(exchange, 1_000_000 + index), price: priceOf(index) };
  });

/** Of thirty markets, twenty on Binance, nine on Bybit, one on Coinbase. */
export function marketsInUse(count: number): StagedMarket[] {
  return Array.from({ length: count }, (_, index) => {
    const exchange = index % 30 < 20 ? 'binance' : index % 30 < 29 ? 'bybit' : 'coinbase';
    return { exchange, symbol: symbolOf(exchange, index), price: priceOf(index) };
  });
}

/** The first markets, of which something was traded since the last check. */
export const movedMarkets = ({ alerts, markets, mood }: Pick<Case, 'alerts' | 'markets' | 'mood'>): number =>
  mood === 'new-extremes' ? markets / 100 : touchedAlerts({ alerts, mood });

/**
 * Markets that have to be asked for candles: where the last price touched a target, to tell since when; where the price
 * went there and back; and where a target lies within the day's range, unless a rolling window rules it out, which
 * Binance alone has.
 */
export function candleMarkets(staged: Pick<Case, 'alerts' | 'markets' | 'mood'>): { all: number; ofCoinbase: number } {
  const inUse = marketsInUse(staged.markets);
  const touched = movedMarkets(staged);
  const asked = inUse.filter(
    ({ exchange }, index) => index < touched || (staged.mood === 'in-range' && exchange !== 'binance'),
  );
  return { all: asked.length, ofCoinbase: asked.filter(({ exchange }) => exchange === 'coinbase').length };
}

/** Just outside the day's range of a quiet market, in turns above and below; the nearest ones first. */
export function targetOf(price: Big, level: number): { condition: 'above' | 'below'; target: Big } {
  const distance = 0.05 + level * 0.002;
  const isAbove = level % 2 === 0;
  const target = new Big(price.times(isAbove ? 1 + distance : 1 - distance).toPrecision(9));
  return { condition: isAbove ? 'above' : 'below', target };
}

interface Wish {
  readonly condition: ConditionName;
  readonly target: string | number;
}

const digits = (price: Big): string => new Big(price.toPrecision(9)).toFixed();
const stretches = ['15m', '1h', '4h', '24h'];

/** As far off as the plain ones: beyond what the day's range of a quiet market, six percent, could do. */
const kinds: readonly ((price: Big, level: number) => Wish)[] = [
  ...(['above', 'crosses', 'crosses up'] as const).map((condition) => (price: Big, level: number) => {
    return { condition, target: digits(price.times(1.05 + level * 0.002)) };
  }),
  ...(['below', 'crosses', 'crosses down'] as const).map((condition) => (price: Big, level: number) => {
    return { condition, target: digits(price.times(0.95 - level * 0.002)) };
  }),
  ...(['inside', 'enters'] as const).map((condition) => (price: Big, level: number) => {
    const from = 1.05 + level * 0.002;
    return { condition, target: `${digits(price.times(from))}..${digits(price.times(from + 0.01))}` };
  }),
  ...(['outside', 'leaves'] as const).map((condition) => (price: Big, level: number) => {
    const width = 0.05 + level * 0.002;
    return { condition, target: `${digits(price.times(1 - width))}..${digits(price.times(1 + width))}` };
  }),
];
const lookBacks = (['rises', 'falls', 'moves'] as const).map((condition) => (_: Big, level: number): Wish => {
  return { condition, target: `${10 + level}% in ${stretches[level % stretches.length]}` };
});
const trails = (['falls from high', 'rises from low'] as const).map((condition) => (_: Big, level: number): Wish => {
  return { condition, target: `${10 + level}%` };
});

/** `index`: of the row, so that neighbours ask for other things; `level`: how many rows of its market come before. */
export function wishOf(asks: Asks, price: Big, { index, level }: { index: number; level: number }): Wish {
  if (asks === 'plain' || asks === 'one-user' || asks === 'answered') {
    const { condition, target } = targetOf(price, level);
    return { condition, target: target.toNumber() };
  }
  const choice = { mixed: [...kinds, ...lookBacks, ...trails], 'look-backs': lookBacks, trails }[asks];
  const wish = choice[(index + level) % choice.length];
  if (wish === undefined) throw new Error(`nothing to ask for as ${asks}`);
  return wish(price, level);
}

/** The day of a quiet market: so much of its price, up and down. */
export const quietDay = { high: 1.03, low: 0.97 };
