import { createPriceSources } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { Market } from '../../src/domain/market.js';

const config = readConfig(process.env);
const sources = createPriceSources(config);
const markets = JSON.parse(process.env.BENCH_MARKETS ?? '[]') as readonly Market[];

/** The price step alone: every exchange in use, all of its markets. Gives the number of prices. */
export async function handler(): Promise<number> {
  const answers = await Promise.all(
    sources.map(({ name, tickers }) =>
      tickers(
        markets.filter(({ exchange }) => exchange === name).map(({ symbol }) => symbol),
        Date.now(),
      ),
    ),
  );
  return answers.flatMap((answer) => (answer.ok ? [...answer.value.values()] : [])).filter(({ ok }) => ok).length;
}
