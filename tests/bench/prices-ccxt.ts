import type { Market } from '../../src/domain/market.js';

/** The part of ccxt that is used; the bench has no types of it where it is not installed. */
interface CcxtExchange {
  urls: { api: Record<string, string> };
  setMarkets(markets: readonly object[]): void;
  safeMarketStructure(market: object): object;
  fetchTickers(symbols: readonly string[]): Promise<Readonly<Record<string, { last: number | undefined }>>>;
}
/** Those that the staged markets are on. */
type Compared = 'binance' | 'bybit' | 'coinbase';
type Ccxt = Readonly<Record<Compared, new (options: object) => CcxtExchange>>;

// A literal would have to be there when the bench is compiled.
const name = 'ccxt';
const { default: ccxt } = (await import(name)) as { default: Ccxt };

const { env } = process;
const addresses: Readonly<Record<Compared, Record<string, string>>> = {
  binance: { public: `${env.BINANCE_BASE_URL}/api/v3` },
  bybit: { public: env.BYBIT_BASE_URL ?? '' },
  coinbase: { rest: env.COINBASE_BASE_URL ?? '' },
};

/** `T1USDT` and `T1-USD`, as the bench lists them. */
function marketOf({ symbol: id }: Market): { id: string; symbol: string; base: string; quote: string } {
  const [, base = '', quote = ''] = /^(.+?)-?(USDT|USD)$/.exec(id) ?? [];
  return { id, symbol: `${base}/${quote}`, base, quote };
}

function open(exchange: Compared, markets: readonly Market[]) {
  // Its pauses between requests are left out, and so is its loading of the markets' descriptions.
  const source = new ccxt[exchange]({ enableRateLimit: false, options: { defaultType: 'spot' } });
  Object.assign(source.urls.api, addresses[exchange]);
  const described = markets.map(marketOf);
  const spot = { type: 'spot', spot: true, active: true, contract: false };
  source.setMarkets(described.map((market) => source.safeMarketStructure({ ...market, ...spot })));
  return { source, symbols: described.map(({ symbol }) => symbol) };
}

const inUse = JSON.parse(env.BENCH_MARKETS ?? '[]') as readonly Market[];
const opened = (['binance', 'bybit', 'coinbase'] as const).map((exchange) =>
  open(
    exchange,
    inUse.filter((market) => market.exchange === exchange),
  ),
);

/** The same step with `fetchTickers`. */
export async function handler(): Promise<number> {
  const answers = await Promise.all(opened.map(({ source, symbols }) => source.fetchTickers(symbols)));
  return answers.flatMap((tickers) => Object.values(tickers)).filter(({ last }) => last !== undefined).length;
}
