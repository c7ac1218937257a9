import { isDeepStrictEqual } from 'node:util';
import { isMet, type Placeholders, readListing, updated } from './expressions.js';
import { type Item, itemSize, readUnits, writeUnits } from './item-size.js';
import { createListing, idOf, type Listing } from './listing.js';

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

export interface StoreAnswer {
  readonly status: 200 | 400;
  readonly body: string;
}

export interface Store {
  readonly units: { read: number; write: number };
  answer(operation: string, request: StoreRequest): StoreAnswer;
  /** Everything as it was at the start, and the given items. */
  reset(items: readonly Item[]): void;
  /** How much there is to list, and in how many pages. */
  listing(): Listing['size'];
  /** Alerts that have fired, been told, and written down as that since the start. */
  committed(): number;
}

const accepted = (body: object): StoreAnswer => ({ status: 200, body: JSON.stringify(body) });

const refused = (name: string, message: string): StoreAnswer => ({
  status: 400,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message }),
});

const listedType = 'alert';
const isListed = (item: Item | undefined): boolean => item?.entity_type?.S === listedType;

/** The index holds every attribute: it is written where one changed, and where the item enters or leaves it. */
function indexUnits(before: Item | undefined, after: Item): number {
  const [from, to] = [before?.entity_type?.S, after.entity_type?.S];
  if ((from ?? to) === undefined || isDeepStrictEqual(before, after)) return 0;
  return writeUnits(itemSize(after)) * (from !== undefined && to !== undefined && from !== to ? 2 : 1);
}

/**
 * One table with the index `entity_type-index`. It counts units as DynamoDB does and keeps the pages of the listing
 * ready: the emulator takes seconds over ten thousand alerts, so that it would be what is measured.
 */
export function createStore(initial: readonly Item[]): Store {
  const first = new Map(initial.map((item) => [idOf(item), item]));
  const items = new Map(first);
  const written = new Set<string>();
  const units = { read: 0, write: 0 };
  let kept: Listing | undefined;

  function listing(): Listing {
    kept ??= createListing([...items.values()].filter(isListed));
    return kept;
  }

  function query(request: StoreRequest): StoreAnswer {
    const { type, from, to } = readListing(request.KeyConditionExpression ?? '', request);
    if (request.IndexName !== 'entity_type-index' || type !== listedType) {
      return refused('ValidationException', `only the alerts of the index entity_type-index can be listed`);
    }
    const after = request.ExclusiveStartKey && idOf(request.ExclusiveStartKey);
    const page = listing().page({ after, from, to });
    units.read += readUnits(page.bytes, false);
    return { status: 200, body: page.body };
  }

  function get({ Key, ConsistentRead = false }: StoreRequest): StoreAnswer {
    const item = items.get(idOf(Key));
    units.read += readUnits(item === undefined ? 0 : itemSize(item), ConsistentRead);
    return accepted(item === undefined ? {} : { Item: item });
  }

  function write(id: string, request: StoreRequest, next: (item: Item | undefined) => Item): StoreAnswer {
    const before = items.get(id);
    const size = before === undefined ? 0 : itemSize(before);
    if (!isMet(request.ConditionExpression, before, request)) {
      units.write += writeUnits(size);
      return refused('ConditionalCheckFailedException', 'The conditional request failed');
    }
    const after = next(before);
    units.write += writeUnits(Math.max(size, itemSize(after))) + indexUnits(before, after);
    if (isListed(before) || isListed(after)) kept = undefined;
    items.set(id, after);
    written.add(id);
    return accepted(request.ReturnValues === 'ALL_NEW' ? { Attributes: after } : {});
  }

  return {
    units,
    answer(operation, request) {
      const { Key, Item: given = {}, UpdateExpression = '' } = request;
      if (operation === 'Query') return query(request);
      if (operation === 'GetItem') return get(request);
      if (operation === 'PutItem') return write(idOf(given), request, () => given);
      if (operation !== 'UpdateItem') return refused('UnknownOperationException', `${operation} is not simulated`);
      return write(idOf(Key), request, (item) => updated({ ...item, ...Key }, UpdateExpression, request));
    },
    reset(more) {
      for (const id of written) {
        const item = first.get(id);
        if (isListed(item) || isListed(items.get(id))) kept = undefined;
        if (item === undefined) items.delete(id);
        else items.set(id, item);
      }
      written.clear();
      for (const item of more) {
        items.set(idOf(item), item);
        written.add(idOf(item));
      }
      Object.assign(units, { read: 0, write: 0 });
    },
    listing: () => listing().size,
    committed: () => [...written].filter((id) => items.get(id)?.status?.S === 'triggered').length,
  };
}
