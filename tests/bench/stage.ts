import { Big } from 'big.js';
import { alertAttributes } from '../../src/adapters/dynamodb/attributes.js';
import { instantText } from '../../src/adapters/dynamodb/instant.js';
import { memoryText } from '../../src/adapters/dynamodb/memory.js';
import type { WaitingAlert } from '../../src/domain/alert.js';
import { memoryToKeep } from '../../src/domain/alert-memory.js';
import { answerTitles } from '../../src/domain/answer-columns.js';
import type { Cell } from '../../src/domain/columns.js';
import { evaluate, priceEvidence } from '../../src/domain/evaluation.js';
import { price } from '../../src/domain/price.js';
import { readRows } from '../../src/domain/rows.js';
import { newAlert } from '../../src/domain/sync-plan.js';
import { dayMs, hourMs, minuteMs } from '../../src/domain/time.js';
import { reading } from '../support/builders.js';
import { alertOf } from './as-planned.js';
import type { SheetCase } from './cases.js';
import type { AttributeValue, Item } from './servers/item-size.js';
import { marketsInUse, quietDay, type StagedMarket, wishOf } from './staged-markets.js';

const header: readonly Cell[] = ['symbol', 'condition', 'price', 'user_id', 'exchange', 'active', 'name', 'notes'];

const users = ['default', 'dmitry'];

/** A sheet as traders keep it: every second alert on Binance leaves the exchange blank, half have a name, some a note. */
export function rowsOf({ alerts, markets, asks }: SheetCase): Cell[][] {
  const told = asks === 'one-user' ? users.slice(0, 1) : users;
  const inUse = marketsInUse(markets);
  const rows = Array.from({ length: alerts }, (_, index): Cell[] => {
    const market = inUse[index % markets] as StagedMarket;
    const { condition, target } = wishOf(asks, market.price, { index, level: Math.floor(index / markets) });
    const isBlank = market.exchange === 'binance' && index % 2 === 0;
    return [
      market.symbol,
      condition,
      target,
      told[index % told.length],
      isBlank ? '' : market.exchange,
      true,
      index % 2 === 0 ? `Level ${index}` : '',
      index % 4 === 0 ? 'take half the profit, move the stop' : '',
    ];
  });
  return [[...header, ...(asks === 'answered' ? answerTitles : [])], ...rows];
}

function valueFor(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return { M: itemOf(value as object) };
}

export function itemOf(attributes: object): Item {
  const present = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, valueFor(value)]));
}

/** What an alert of a quiet market remembers of the day so far. */
function remembered(alert: WaitingAlert, { exchange, symbol, price: quiet }: StagedMarket, now: number) {
  const market = { exchange, kind: 'spot', symbol } as const;
  const priceOf = (factor: number) => price(new Big(quiet.times(factor).toPrecision(10)).toFixed());
  const [last, high, low] = [priceOf(1), priceOf(quietDay.high), priceOf(quietDay.low)];
  const hoursAgo = Math.floor((now - 5 * hourMs) / minuteMs) * minuteMs;
  const candle = { openAt: hoursAgo, spanMs: minuteMs, open: last, high, low, close: last };
  const seenTo = now - 5 * minuteMs;
  const decision = evaluate(alert, priceEvidence(market, last, seenTo, [candle], seenTo));
  const memory = memoryToKeep(alert, market, decision.memory);
  return memory && memoryText(alert.condition, memory);
}

/** The table as the product's earlier runs left it: every alert pending, armed three days ago. */
export function storedItems(rows: readonly (readonly Cell[])[], markets: number, now: number): Item[] {
  const read = readRows(rows, reading(users));
  if (!read.ok || read.value.errors.length > 0) throw new Error('the staged rows cannot be read');
  const inUse = marketsInUse(markets);
  return read.value.specs.map((spec, index) => {
    const alert = newAlert(spec, now - 3 * dayMs);
    const memory = remembered(alert, inUse[index % markets] as StagedMarket, now);
    return itemOf({ id: spec.id, ...alertAttributes(alert), memory });
  });
}

/** The table as the plan's earlier runs left it. */
export function plannedItems([names = [], ...rows]: readonly (readonly Cell[])[]): Item[] {
  return rows.map((row) => itemOf(alertOf((column) => String(row[names.indexOf(column)] ?? ''))));
}

/** What the product's last run wrote, five minutes ago. */
export const checkpointItem = (now: number): Item =>
  itemOf({
    id: '#checkpoint',
    checked_at: instantText(now - 5 * 60_000),
    outages: {},
    checked_through: instantText(now - 5 * 60_000),
    open_since: {},
    // The sheet has no tab of users, which is looked for once an hour.
    users_known: true,
    users_missing_at: instantText(now - 5 * 60_000),
  });
