import { alertAttributes } from '../../src/adapters/dynamodb/attributes.js';
import { instantText } from '../../src/adapters/dynamodb/instant.js';
import type { Cell } from '../../src/domain/columns.js';
import { readRows } from '../../src/domain/rows.js';
import { newAlert } from '../../src/domain/sync-plan.js';
import { reading } from '../support/builders.js';
import { alertOf } from './as-planned.js';
import type { Case } from './cases.js';
import type { AttributeValue, Item } from './servers/item-size.js';
import { marketsInUse, type StagedMarket, targetOf } from './staged-markets.js';

const header: readonly Cell[] = ['symbol', 'condition', 'price', 'user_id', 'exchange', 'active', 'name', 'notes'];

const dayMs = 24 * 60 * 60_000;
const users = ['default', 'dmitry'];

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

/** The table as the product's earlier runs left it: every alert pending, armed three days ago. */
export function storedItems(rows: readonly (readonly Cell[])[], now: number): Item[] {
  const read = readRows(rows, reading(users));
  if (!read.ok || read.value.errors.length > 0) throw new Error('the staged rows cannot be read');
  return read.value.specs.map((spec) => itemOf({ id: spec.id, ...alertAttributes(newAlert(spec, now - 3 * dayMs)) }));
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
    // It was looked for then: looked for again, it would cost a call, once an hour.
    users_known: true,
    users_missing_at: instantText(now - 5 * 60_000),
  });
