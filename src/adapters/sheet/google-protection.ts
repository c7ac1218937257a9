import * as v from 'valibot';

/** Counted from 0, without its ends; a bound that is left out is the sheet's own. */
const Range = v.object({
  startRowIndex: v.optional(v.number(), 0),
  endRowIndex: v.optional(v.number(), Number.POSITIVE_INFINITY),
  startColumnIndex: v.optional(v.number(), 0),
  endColumnIndex: v.optional(v.number(), Number.POSITIVE_INFINITY),
});

/** https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/sheets#ProtectedRange */
export const ProtectedRanges = v.array(
  v.object({
    range: v.optional(Range, {}),
    unprotectedRanges: v.optional(v.array(Range), []),
    warningOnly: v.optional(v.boolean(), false),
    requestingUserCanEdit: v.optional(v.boolean(), false),
  }),
);
export type ProtectedRanges = v.InferOutput<typeof ProtectedRanges>;

/** For `fields`. */
export const protectionFields = 'protectedRanges(range,unprotectedRanges,warningOnly,requestingUserCanEdit)';

const isIn = (range: v.InferOutput<typeof Range>, row: number, column: number): boolean =>
  row >= range.startRowIndex &&
  row < range.endRowIndex &&
  column >= range.startColumnIndex &&
  column < range.endColumnIndex;

/** Whether the account that asked may not edit the cell, both counted from 0. A warning stops nobody. */
export const isProtected = (ranges: ProtectedRanges, row: number, column: number): boolean =>
  ranges.some(
    ({ range, unprotectedRanges, warningOnly, requestingUserCanEdit }) =>
      !warningOnly &&
      !requestingUserCanEdit &&
      isIn(range, row, column) &&
      !unprotectedRanges.some((free) => isIn(free, row, column)),
  );
