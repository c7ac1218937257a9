import { shownPrice } from '../../domain/price.js';
import { zoneNameAt } from '../../domain/time-zone.js';
import type { AlertState, AlertView, MarketView, PriceView } from '../protocol.js';

export const stateNames: Readonly<Record<AlertState, string>> = {
  armed: 'Armed',
  sending: 'Sending',
  waits: 'Waits',
  fired: 'Fired',
  paused: 'Paused',
  over: 'Over',
};

/** In the order in which people look for them. */
export const states = Object.keys(stateNames) as readonly AlertState[];

/** The exchange's own digits, none rounded, with the thousands apart. */
export function grouped(price: string): string {
  const [whole = '', ...fraction] = shownPrice(price).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.');
}

/** Numbers within a longer text, such as a target of two prices. */
export const groupedWithin = (text: string): string => text.replace(/\d+(\.\d+)?/g, (number) => grouped(number));

/** `BTCUSDT` of a perpetual is `BTCUSDT.P`, as traders write it. */
export const shownMarket = ({ symbol, kind }: MarketView): string => `${symbol}${kind === 'perpetual' ? '.P' : ''}`;

export const titleOf = ({ symbol, condition, target }: Pick<AlertView, 'symbol' | 'condition' | 'target'>): string =>
  `${symbol} ${condition} ${groupedWithin(target)}`;

/** In percent of the last price. For the eye and for sorting: no alert is judged by it. */
export function distanceOf({ lines }: Pick<AlertView, 'lines'>, last: string | undefined): number | undefined {
  if (last === undefined) return undefined;
  const distances = lines.map((line) => ((Number(line) - Number(last)) / Number(last)) * 100);
  return distances.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0];
}

export function shownDistance(percent: number): string {
  const size = Math.abs(percent);
  const text = size.toFixed(size < 10 ? 2 : 1);
  const sign = Number(text) === 0 ? '' : percent > 0 ? '+' : '−';
  return `${sign}${text} %`;
}

/** What the text says beyond the state's name; blank where that is all. */
export function stateRest({ state, stateText }: Pick<AlertView, 'state' | 'stateText'>): string {
  const isNamed = stateText.toLowerCase().startsWith(state);
  return isNamed ? stateText.slice(state.length).trim() : stateText;
}

/** Whether a price may still make it ring. */
export const isWatched = (state: AlertState): boolean => state === 'armed' || state === 'sending' || state === 'waits';

export const marketKeyOf = ({ exchange, kind, symbol }: MarketView): string => `${exchange} ${kind} ${symbol}`;

export const pricesByMarket = (prices: readonly PriceView[]): ReadonlyMap<string, PriceView> =>
  new Map(prices.map((price) => [marketKeyOf(price), price]));

export const sameMarket = (a: MarketView, b: MarketView): boolean => marketKeyOf(a) === marketKeyOf(b);

/** In the owner's zone: `21 Nov 14:03:20`. */
export function shownInstant(at: number, timeZone: string): string {
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone }).format(at).replace(',', '');
}

/** For a new row of this market: nothing where a blank cell means the same, since not every sheet has the column. */
export const exchangeCell = ({ exchange }: MarketView, exchanges: readonly string[]): { exchange?: string } =>
  exchange === exchanges[0] ? {} : { exchange };
/** `21 Nov 14:03:20 GMT+1` */
export const zonedInstant = (at: number, timeZone: string): string =>
  `${shownInstant(at, timeZone)} ${zoneNameAt(at, timeZone)}`;

/** `14:03:20 GMT+1`, where the day stands elsewhere. */
export const zonedTime = (at: number, timeZone: string): string =>
  zonedInstant(at, timeZone).split(' ').slice(2).join(' ');

/** `Saturday 21 November 2026` */
export function shownDay(at: number, timeZone: string): string {
  const parts = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone }).format(at).replace(',', '');
}

/** `2 h 5 min`, of a stretch (ms) that somebody waits for. */
export function shownWait(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes === 0) return 'less than a minute';
  const hours = Math.floor(minutes / 60);
  return [...(hours > 0 ? [`${hours} h`] : []), ...(minutes % 60 > 0 ? [`${minutes % 60} min`] : [])].join(' ');
}
