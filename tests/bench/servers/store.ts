import { isDeepStrictEqual } from 'node:util';
import { isMet, type Placeholders, readEquation, updated } from './expressions.js';
import { type AttributeValue, type Item, itemSize, readUnits, writeUnits } from './item-size.js';

/** A request in DynamoDB's own JSON, as far as the measured programs use it. */
export interface StoreRequest extends Placeholders {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly IndexName?: string;
  readonly ConsistentRead?: boolean;
  readonly KeyConditionExpression?: string;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ReturnValues?: string;
  readonly ExclusiveStartKey?: Item;
}

export interface Units {
  read: number;
  write: number;
}

export interface StoreAnswer {
  readonly status: 200 | 400;
  readonly body: string;
}

/** Of the listed alerts: how much there is to read, and in how many pages. */
export interface Listing {
  readonly bytes: number;
  readonly pages: number;
}

export interface Store {
  readonly units: Units;
  answer(operation: string, request: StoreRequest): StoreAnswer;
  /** As it was at the start, but for the given items. */
  reset(items: readonly Item[]): void;
  listing(entityType: string): Listing;
}

interface Page {
  readonly body: string;
  readonly bytes: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const pageBytes = 1024 * 1024;

const idOf = (item: Item | undefined): string => item?.id?.S ?? '';

function pagesOf(items: readonly Item[]): Page[] {
  const pages: Page[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const close = (last?: Item) => {
    const more = last && { LastEvaluatedKey: { id: last.id, entity_type: last.entity_type } };
    const rest = JSON.stringify({ Count: texts.length, ScannedCount: texts.length, ...more }).slice(1);
    pages.push({ body: `{"Items":[${texts.join(',')}],${rest}`, bytes });
    texts = [];
    bytes = 0;
  };
  for (const [index, item] of items.entries()) {
    texts.push(JSON.stringify(item));
    bytes += itemSize(item);
    if (bytes >= pageBytes && index < items.length - 1) close(item);
  }
  close();
  return pages;
}

const refusal = (name: string, message: string): StoreAnswer => ({
  status: 400,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message }),
});

const accepted = (body: object): StoreAnswer => ({ status: 200, body: JSON.stringify(body) });

/**
 * One table with the index `entity_type-index`, which holds every attribute. It counts units as DynamoDB does, and keeps
 * the pages of a listing ready: the emulator would take seconds over ten thousand alerts, and be what is measured.
 */
export function createStore(initial: readonly Item[]): Store {
  const first = new Map(initial.map((item) => [idOf(item), item]));
  const items = new Map(first);
  const written = new Set<string>();
  const units: Units = { read: 0, write: 0 };
  const listed = new Map<string, Page[]>();

  function list(type: string): Page[] {
    const known = listed.get(type);
    if (known !== undefined) return known;
    const members = [...items.values()].filter((item) => item.entity_type?.S === type);
    const pages = pagesOf(members.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)));
    listed.set(type, pages);
    return pages;
  }

  /** The index is written where one of its attributes changed, twice where the item moves in it. */
  function indexUnits(before: Item | undefined, after: Item): number {
    const [from, to] = [before?.entity_type?.S, after.entity_type?.S];
    if (isDeepStrictEqual(before, after) || (from ?? to) === undefined) return 0;
    const moves = from !== undefined && to !== undefined && from !== to;
    return writeUnits(itemSize(after)) * (moves ? 2 : 1);
  }

  function keep(id: string, after: Item): void {
    const before = items.get(id);
    items.set(id, after);
    written.add(id);
    units.write += writeUnits(Math.max(itemSize(after), before === undefined ? 0 : itemSize(before)));
    const inIndex = indexUnits(before, after);
    units.write += inIndex;
    if (inIndex > 0) listed.clear();
  }

  function query(request: StoreRequest): StoreAnswer {
    const [name, value] = readEquation(request.KeyConditionExpression ?? '', request);
    if (request.IndexName !== 'entity_type-index' || name !== 'entity_type') {
      return refusal('ValidationException', 'only the index entity_type-index is simulated');
    }
    const pages = list(value.S ?? '');
    const after = idOf(request.ExclusiveStartKey);
    const found = after === '' ? pages[0] : pages[pages.findIndex(({ body }) => endsWith(body, after)) + 1];
    if (found === undefined) return accepted({ Items: [], Count: 0, ScannedCount: 0 });
    units.read += readUnits(found.bytes, false);
    return { status: 200, body: found.body };
  }

  function write(id: string, next: (item: Item | undefined) => Item, request: StoreRequest): StoreAnswer {
    const before = items.get(id);
    if (!isMet(request.ConditionExpression, before, request)) {
      units.write += writeUnits(before === undefined ? 0 : itemSize(before));
      return refusal('ConditionalCheckFailedException', 'The conditional request failed');
    }
    const after = next(before);
    keep(id, after);
    return accepted(request.ReturnValues === 'ALL_NEW' ? { Attributes: after } : {});
  }

  return {
    units,
    answer(operation, request) {
      const { Key, Item: given } = request;
      switch (operation) {
        case 'Query':
          return query(request);
        case 'GetItem': {
          const found = items.get(idOf(Key));
          units.read += readUnits(found === undefined ? 0 : itemSize(found), request.ConsistentRead ?? false);
          return accepted(found === undefined ? {} : { Item: found });
        }
        case 'PutItem':
          return write(idOf(given), () => given ?? {}, request);
        case 'UpdateItem':
          return write(idOf(Key), (item) => updated({ ...item, ...Key }, request.UpdateExpression ?? '', request), request);
        default:
          return refusal('UnknownOperationException', `${operation} is not simulated`);
      }
    },
    reset(changed) {
      const known = new Map(changed.map((item) => [idOf(item), item]));
      let isListed = true;
      for (const id of new Set([...written, ...known.keys()])) {
        const item = known.get(id) ?? first.get(id);
        const type = (items.get(id)?.entity_type ?? item?.entity_type) as AttributeValue | undefined;
        if (item === undefined) items.delete(id);
        else items.set(id, item);
        if (type !== undefined) isListed = false;
      }
      if (!isListed) listed.clear();
      written.clear();
      Object.assign(units, { read: 0, write: 0 });
    },
    listing(type) {
      const pages = list(type);
      return { bytes: pages.reduce((sum, { bytes }) => sum + bytes, 0), pages: pages.length };
    },
  };
}

const endsWith = (body: string, id: string): boolean =>
  body.includes(`"LastEvaluatedKey":{"id":{"S":${JSON.stringify(id)}}`);
