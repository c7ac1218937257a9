/** A stretch of the index: ids in the order of their UTF-8, both ends inside; undefined where it has no end. */
export interface IdSegment {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Pages of a megabyte take 128 units each, of the 3,000 a second that the index's one partition gives. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const mostSegments = 4;

const digits = 4;

/** How much of all hashes comes before; undefined for an id that is none. */
function shareBefore(id: string): number | undefined {
  const head = id.slice(0, digits);
  return /^[0-9a-f]{4}$/.test(head) ? Number.parseInt(head, 16) / 16 ** digits : undefined;
}

/** No id that a row can have holds a `#`, so that none lies on the border and belongs to both sides. */
const border = (share: number): string =>
  `${Math.floor(share * 16 ** digits)
    .toString(16)
    .padStart(digits, '0')}#`;

/**
 * What is left of the list after a first page that ended with `lastId`, in segments that can be read side by side. Derived
 * ids are hashes, so that the page tells how many more there are. Where fewer than two are to be expected, or the ids are
 * the traders' own, the list goes on in one: each more may cost a page that is not full.
 */
export function segmentsAfter(lastId: string): readonly IdSegment[] {
  const share = shareBefore(lastId) ?? 1;
  const pagesLeft = (1 - share) / share;
  const count = Math.max(1, Math.min(mostSegments, Math.floor(pagesLeft)));
  const borders = Array.from({ length: count - 1 }, (_, index) => border(share + ((1 - share) * (index + 1)) / count));
  return [...borders, undefined].map((to, index) => ({ from: borders[index - 1], to }));
}
