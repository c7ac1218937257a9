import { readTarget } from '../cell.js';
import { canonicalText, type Price } from '../price.js';
import type { Reading, Words } from './kind.js';

/** A target of one price. */
export const levelReading = (words: Words['words']): Reading<Price> => ({
  words,
  example: '95000',
  readTarget,
  canonicalText: ({ value }) => canonicalText(value),
  levels: ({ value }) => [value],
});
