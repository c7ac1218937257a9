import { type Item, itemSize } from './item-size.js';

/** A page of a Query, ready to be sent; `lastId` undefined: the last one. */
export interface Page {
  readonly body: string;
  readonly bytes: number;
  readonly lastId: string | undefined;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const pageBytes = 1024 * 1024;

export const idOf = (item: Item | undefined): string => item?.id?.S ?? '';

function pageOf(items: readonly Item[], bytes: number, isLast: boolean): Page {
  const last = items.at(-1);
  const more = isLast ? {} : { LastEvaluatedKey: { id: last?.id, entity_type: last?.entity_type } };
  const body = JSON.stringify({ Items: items, Count: items.length, ScannedCount: items.length, ...more });
  return { body, bytes, lastId: isLast ? undefined : idOf(last) };
}

/** Ordered by id, as the index is. */
export function pagesOf(members: readonly Item[]): Page[] {
  const ordered = members.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const pages: Page[] = [];
  let from = 0;
  let bytes = 0;
  for (const [index, item] of ordered.entries()) {
    bytes += itemSize(item);
    const isLast = index === ordered.length - 1;
    if (bytes < pageBytes && !isLast) continue;
    pages.push(pageOf(ordered.slice(from, index + 1), bytes, isLast));
    from = index + 1;
    bytes = 0;
  }
  return pages.length > 0 ? pages : [pageOf([], 0, true)];
}
