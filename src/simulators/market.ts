import { type ExchangeName, exchangeNames } from '../domain/market.js';
import { type Price, price } from '../domain/price.js';

/** A trade; `at` in ms since 1970. */
export interface Tick {
  readonly at: number;
  readonly price: Price;
}

/** `tradfi`: on a share or a commodity. `settling`: it is being wound up. `dated`: it has an end, and no funding. */
export type ContractKind = 'perpetual' | 'tradfi' | 'settling' | 'dated';

/** What a contract has beside its trades. */
export interface Contract {
  readonly kind: ContractKind;
  /** Of one interval, as text. */
  rate: string;
  intervalHours: number;
}

export interface Listing {
  readonly exchange: ExchangeName;
  readonly symbol: string;
  /** Oldest first. Those after the clock's now are planned: nobody sees them before. Empty: listed, but never traded. */
  readonly ticks: Tick[];
  /** The range of the day before `until`, where the exchange shall know one wider than the ticks show. */
  readonly earlier: { readonly high: Price; readonly low: Price; readonly until: number } | undefined;
  delistedAt: number | undefined;
  /** Of a contract; undefined for spot. */
  readonly contract: Contract | undefined;
}

/** Prices are decimal text, as everywhere. */
export interface ListingPrices {
  readonly price?: string;
  readonly high24h?: string;
  readonly low24h?: string;
  /** Of a symbol that ends in `.P`; a perpetual unless it is said. */
  readonly contract?: ContractKind;
}

export interface CandlePrices {
  /** ms since 1970, the start of the minute. */
  readonly openTime: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

type Listings = Readonly<Record<ExchangeName, Map<string, Listing>>>;

/** A symbol that ends in `.P` is a contract's; without the end it is the exchange's own. */
export interface SimulatedMarket {
  readonly now: () => number;
  /** Spot, by symbol. */
  readonly listings: Listings;
  /** By symbol, without `.P`. */
  readonly contracts: Listings;
  /** Lists the symbol, afresh where it was listed already. Without a price it has never traded. */
  list(exchange: ExchangeName, symbol: string, prices: ListingPrices): void;
  /** A trade now. */
  setPrice(exchange: ExchangeName, symbol: string, text: string): void;
  /** Trades at instants of the past or the future, so that a price can come and go between two checks. */
  move(exchange: ExchangeName, symbol: string, path: readonly { at: number; price: string }[]): void;
  /** Recorded one-minute candles, each as four trades of its minute. */
  addCandles(exchange: ExchangeName, symbol: string, candles: readonly CandlePrices[]): void;
  /** What a contract pays at its next settlement; an interval that is left out stays. */
  setFunding(exchange: ExchangeName, symbol: string, rate: string, intervalHours?: number): void;
  /** Trading ends now, or ended `at` an earlier instant. What each exchange still says of the symbol is its own affair. */
  delist(exchange: ExchangeName, symbol: string, at?: number): void;
}

function insert(ticks: Tick[], tick: Tick): void {
  ticks.splice(ticks.findLastIndex(({ at }) => at <= tick.at) + 1, 0, tick);
}

/** The extreme nearer to the open comes first. */
function pathOf({ openTime, open, high, low, close }: CandlePrices): { at: number; price: string }[] {
  const [second, third] = Number(close) >= Number(open) ? [low, high] : [high, low];
  return [open, second, third, close].map((text, position) => ({ at: openTime + position * 19_000, price: text }));
}

/** The state behind the simulated exchanges; everything that they say follows from it and from `now` (ms since 1970). */
export function createMarket(now: () => number): SimulatedMarket {
  const emptyListings = (): Listings => Object.fromEntries(exchangeNames.map((name) => [name, new Map()])) as Listings;
  const [listings, contracts] = [emptyListings(), emptyListings()];
  const placeOf = (exchange: ExchangeName, symbol: string) =>
    symbol.endsWith('.P')
      ? { among: contracts[exchange], own: symbol.slice(0, -'.P'.length) }
      : { among: listings[exchange], own: symbol };
  const find = (exchange: ExchangeName, symbol: string): Listing => {
    const { among, own } = placeOf(exchange, symbol);
    const listing = among.get(own);
    if (listing === undefined) throw new Error(`the simulated ${exchange} does not list ${symbol}; list it first`);
    return listing;
  };
  const move: SimulatedMarket['move'] = (exchange, symbol, path) => {
    const { ticks } = find(exchange, symbol);
    for (const step of path) insert(ticks, { at: step.at, price: price(step.price) });
  };
  return {
    now,
    listings,
    contracts,
    list(exchange, symbol, { price: last, high24h = last, low24h = last, contract: kind = 'perpetual' }) {
      const earlier =
        high24h === undefined || low24h === undefined
          ? undefined
          : { high: price(high24h), low: price(low24h), until: now() };
      const { among, own } = placeOf(exchange, symbol);
      const contract = among === contracts[exchange] ? { kind, rate: '0.00010000', intervalHours: 8 } : undefined;
      among.set(own, { exchange, symbol: own, ticks: [], earlier, delistedAt: undefined, contract });
      if (last !== undefined) move(exchange, symbol, [{ at: now(), price: last }]);
    },
    setPrice: (exchange, symbol, text) => move(exchange, symbol, [{ at: now(), price: text }]),
    move,
    addCandles: (exchange, symbol, candles) => move(exchange, symbol, candles.flatMap(pathOf)),
    setFunding(exchange, symbol, rate, intervalHours) {
      const { contract } = find(exchange, symbol);
      if (contract === undefined) throw new Error(`${symbol} is no contract, so it has no funding`);
      Object.assign(contract, { rate, ...(intervalHours !== undefined && { intervalHours }) });
    },
    delist(exchange, symbol, at = now()) {
      find(exchange, symbol).delistedAt = at;
    },
  };
}
