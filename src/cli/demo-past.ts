import { exchangeNames } from '../domain/market.js';
import { dayMs, hourMs, minuteMs } from '../domain/time.js';
import type { Simulators } from '../simulators/start.js';

/** So often somebody trades. */
const everyMs = 5 * minuteMs;
const lengthMs = 40 * dayMs;

/** How long a wave is (ms), and how high, as a share of the price. */
const waves = [
  [11 * dayMs, 0.035],
  [2.3 * dayMs, 0.018],
  [9 * hourMs, 0.007],
  [50 * minuteMs, 0.002],
] as const;

/** The same symbol moves alike on every exchange. */
const seedOf = (symbol: string): number =>
  [...symbol].reduce((seed, letter) => (seed * 31 + letter.charCodeAt(0)) % 997, 7);

const waveAt = (ago: number, seed: number): number =>
  waves.reduce(
    (sum, [length, height], index) => sum + height * Math.sin((2 * Math.PI * ago) / length + seed + index),
    0,
  );

/**
 * The weeks before the story, for who looks at a chart or tests a row. It ends at the price with which the story begins,
 * and so calmly that no alert which looks back over it fires.
 */
export function addPast({ market }: Pick<Simulators, 'market'>): void {
  const end = market.now();
  for (const exchange of exchangeNames) {
    for (const [symbol, { ticks, delistedAt }] of market.listings[exchange]) {
      const [first] = ticks;
      if (first === undefined || delistedAt !== undefined) continue;
      const decimals = first.price.text.split('.')[1]?.length ?? 0;
      const seed = seedOf(symbol.replace('-', ''));
      const path = Array.from({ length: lengthMs / everyMs }, (_, index) => {
        const ago = lengthMs - index * everyMs;
        const price = Number(first.price.text) * (1 + waveAt(ago, seed) - waveAt(0, seed));
        // As many digits as a market of that price has; the rest of the text is zeros.
        return { at: end - ago, price: Number(price.toPrecision(7)).toFixed(decimals) };
      });
      market.move(exchange, symbol, path);
    }
  }
}

/** For the funding beside a chart. */
export function listPerpetuals({ market }: Pick<Simulators, 'market'>): void {
  market.list('binance', 'BTCUSDT.P', { price: '94215.10' });
  market.list('bybit', 'BTCUSDT.P', { price: '94212.5' });
  market.setFunding('binance', 'BTCUSDT.P', '0.00031200');
  market.setFunding('bybit', 'BTCUSDT.P', '-0.00008000');
}
