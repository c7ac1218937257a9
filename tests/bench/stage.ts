import { Big } from 'big.js';
import { alertAttributes, instantText } from '../../src/adapters/dynamodb/attributes.js';
import type { Cell } from '../../src/domain/columns.js';
import type { ExchangeName } from '../../src/domain/market.js';
import { readRows } from '../../src/domain/rows.js';
import { newAlert } from '../../src/domain/sync-plan.js';
import { alertOf } from './as-planned.js';
import type { Case } from './cases.js';
import type { AttributeValue, Item } from './servers/item-size.js';

export interface StagedMarket {
  readonly exchange: ExchangeName;
  readonly symbol: string;
  readonly price: Big;
}

/** How many symbols each exchange lists: what a bulk answer holds, however few are in use. */
export const listed: Readonly<Record<ExchangeName, number>> = { binance: 2_200, bybit: 700, coinbase: 800 };

const header: readonly Cell[] = ['symbol', 'condition', 'price', 'user_id', 'exchange', 'active', 'name', 'notes'];

const daysMs = 24 * 60 * 60_000;
const users = ['default', 'dmitry'];

/** From a cent to three thousand, with the digits that exchanges give. */
const priceOf = (index: number): Big => new Big((10 ** ((index % 12) / 2 - 2) * (1 + index / 5_000)).toPrecision(6));

const symbolOf = (exchange: ExchangeName, index: number): string =>
  exchange === 'coinbase' ? `T${index}-USD` : `T${index}USDT`;

export const fillers = (exchange: ExchangeName, from: number): StagedMarket[] =>
  Array.from({ length: Math.max(0, listed[exchange] - from) }, (_, index) => {
    return { exchange, symbol: symbolOf(exchange, 1_000_000 + index), price: priceOf(index) };
  });

/** Of twenty markets, twelve on Binance, five on Bybit, three on Coinbase. */
export function marketsInUse(count: number): StagedMarket[] {
  return Array.from({ length: count }, (_, index) => {
    const exchange = index % 20 < 12 ? 'binance' : index % 20 < 17 ? 'bybit' : 'coinbase';
    return { exchange, symbol: symbolOf(exchange, index), price: priceOf(index) };
  });
}

/** Just outside the day's range of a quiet market, in turns above and below; the nearest ones first. */
export function targetOf(price: Big, level: number): { condition: 'above' | 'below'; target: Big } {
  const distance = 0.05 + level * 0.002;
  const isAbove = level % 2 === 0;
  const target = new Big(price.times(isAbove ? 1 + distance : 1 - distance).toPrecision(9));
  return { condition: isAbove ? 'above' : 'below', target };
}

/** A sheet as traders keep it: every second alert on Binance leaves the exchange blank, half have a name, some a note. */
export function rowsOf({ alerts, markets }: Pick<Case, 'alerts' | 'markets'>): Cell[][] {
  const inUse = marketsInUse(markets);
  const rows = Array.from({ length: alerts }, (_, index): Cell[] => {
    const market = inUse[index % markets] as StagedMarket;
    const { condition, target } = targetOf(market.price, Math.floor(index / markets));
    const isBlank = market.exchange === 'binance' && index % 2 === 0;
    return [
      market.symbol,
      condition,
      target.toNumber(),
      users[index % users.length],
      isBlank ? '' : market.exchange,
      true,
      index % 2 === 0 ? `Level ${index}` : '',
      index % 4 === 0 ? 'take half the profit, move the stop' : '',
    ];
  });
  return [[...header], ...rows];
}

function valueOf(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return { M: itemOf(value as object) };
}

export function itemOf(attributes: object): Item {
  const present = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, valueOf(value)]));
}

/** The table as the product's earlier runs left it: every alert pending, armed three days ago. */
export function storedItems(rows: readonly (readonly Cell[])[], now: number): Item[] {
  const read = readRows(rows, users);
  if (!read.ok || read.value.errors.length > 0) throw new Error('the staged rows cannot be read');
  return read.value.instructions.map((instruction) =>
    itemOf({ id: instruction.id, ...alertAttributes(newAlert(instruction, now - 3 * daysMs)) }),
  );
}

/** The table as the plan's earlier runs left it. */
export function plannedItems([names = [], ...rows]: readonly (readonly Cell[])[]): Item[] {
  return rows.map((row) => itemOf(alertOf((column) => String(row[names.indexOf(column)] ?? '').toString())));
}

/** What the product's last run wrote, five minutes ago. */
export const checkpointItem = (now: number): Item =>
  itemOf({
    id: '#checkpoint',
    checked_at: instantText(now - 5 * 60_000),
    outages: {},
    checked_through: instantText(now - 5 * 60_000),
    open_since: {},
  });
