import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type IdSegment, segmentsAfter } from '../../../src/adapters/dynamodb/id-segments.js';

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const holds = ({ from, to }: IdSegment, id: string): boolean =>
  (from === undefined || compare(from, id) <= 0) && (to === undefined || compare(id, to) <= 0);

const hash = fc.stringMatching(/^[0-9a-f]{20}$/);
/** As a row may have it, or an edit by hand. */
const ownId = fc.oneof(
  fc.stringMatching(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,12}$/u),
  fc.stringMatching(/^[0-9a-f]{1,5}[._-]?$/),
  fc.constantFrom('ёж', '漢字', '𝔸', '😀', '\u{10ffff}', '~', ' ', 'Z', 'g'),
);

describe('after a first page', () => {
  test('every id that comes later lies in one segment, whatever its script', () => {
    fc.assert(
      fc.property(fc.oneof(hash, ownId), fc.oneof(hash, ownId), (lastId, id) => {
        fc.pre(compare(id, lastId) > 0);
        const segments = segmentsAfter(lastId);
        expect(segments.filter((segment) => holds(segment, id))).toHaveLength(1);
      }),
      { numRuns: 2_000 },
    );
  });

  test('an id that begins as a border does lies in one segment too', () => {
    fc.assert(
      fc.property(hash, fc.constantFrom('', '-', '.', '0', 'z', 'ё'), (lastId, end) => {
        const segments = segmentsAfter(lastId);
        const ids = segments.flatMap(({ to }) => (to === undefined ? [] : [to.replace('#', end)]));
        expect(ids.map((id) => segments.filter((segment) => holds(segment, id)).length)).toEqual(ids.map(() => 1));
      }),
    );
  });

  test.each([
    ['0b4f0b4f0b4f0b4f0b4f', 4],
    ['0000', 4],
    ['2aaa', 4],
    ['3fff', 3],
    ['5554', 2],
    ['5556', 1],
    ['ffff', 1],
    ['btc-95k', 1],
    ['99', 1],
    ['ёж', 1],
  ])('that ends with %s the rest is read in %i', (lastId, count) => expect(segmentsAfter(lastId)).toHaveLength(count));

  test('the segments are equal parts of what is left, and meet at what no row can have as its id', () => {
    expect(segmentsAfter('0b4f0b4f0b4f0b4f0b4f')).toEqual([
      { from: undefined, to: '487b#' },
      { from: '487b#', to: '85a7#' },
      { from: '85a7#', to: 'c2d3#' },
      { from: 'c2d3#', to: undefined },
    ]);
  });
});
