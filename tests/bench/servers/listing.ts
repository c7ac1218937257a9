import { type Item, itemSize } from './item-size.js';

/** A page of a Query, ready to be sent. */
export interface Page {
  readonly body: string;
  readonly bytes: number;
  /** Where the next one begins; undefined: this is the last. */
  readonly next: number | undefined;
}

/** Ids between two, both inside, that come after another; undefined: from the first, or to the last. */
export interface Stretch {
  readonly after: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export interface Listing {
  page(stretch: Stretch): Page;
  /** Of all, one page after another. */
  readonly size: { readonly bytes: number; readonly pages: number };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const pageBytes = 1024 * 1024;

export const idOf = (item: Item | undefined): string => item?.id?.S ?? '';

/** Ordered by id, as the index is; what was asked for once is ready to be sent again. */
export function createListing(members: readonly Item[]): Listing {
  const items = members
    .map((item) => ({ id: idOf(item), bytes: itemSize(item), text: JSON.stringify(item), item }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const kept = new Map<string, Page>();

  function indexOf(isBeyond: (id: string) => boolean): number {
    const index = items.findIndex(({ id }) => isBeyond(id));
    return index < 0 ? items.length : index;
  }

  function make(begin: number, end: number): Page {
    let [bytes, next] = [0, begin];
    while (next < end && bytes < pageBytes) {
      bytes += items[next]?.bytes ?? 0;
      next += 1;
    }
    const page = items.slice(begin, next);
    const last = next < end ? page.at(-1)?.item : undefined;
    const more = last && { LastEvaluatedKey: { id: last.id, entity_type: last.entity_type } };
    const rest = JSON.stringify({ Count: page.length, ScannedCount: page.length, ...more }).slice(1);
    const body = `{"Items":[${page.map(({ text }) => text).join()}],${rest}`;
    return { body, bytes, next: next < end ? next : undefined };
  }

  function page({ after, from, to }: Stretch): Page {
    const key = JSON.stringify([after, from, to]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const [first, next] = [indexOf((id) => from === undefined || id >= from), indexOf((id) => id > (after ?? ''))];
    const end = to === undefined ? items.length : indexOf((id) => id > to);
    const made = make(Math.max(first, next), end);
    kept.set(key, made);
    return made;
  }

  function measure(): Listing['size'] {
    let pages = 1;
    let each = page({ after: undefined, from: undefined, to: undefined });
    let { bytes } = each;
    while (each.next !== undefined) {
      each = page({ after: items[each.next - 1]?.id, from: undefined, to: undefined });
      pages += 1;
      bytes += each.bytes;
    }
    return { bytes, pages };
  }

  return { page, size: measure() };
}
