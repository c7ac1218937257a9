import type { Cell } from '../columns.js';
import type { PriceRange } from '../evidence/bar.js';
import { readNumber } from '../number-text.js';
import { canonicalText } from '../price.js';
import { err, ok, type Result } from '../result.js';
import type { Reading, Words } from './kind.js';
import { readTargetText, refusal, type Wanted } from './target-cell.js';

export interface BandTarget {
  readonly text: string;
  readonly bounds: PriceRange;
}

/** Two points before a dash, so that the point of `0.5..0.7` is none of them. */
const bandText = /^(.*?\S)\s*(?:\.\.\.?|…|[-–—−])\s*(\S.*)$/u;

function readBand(wanted: Wanted, cell: Cell): Result<BandTarget, string> {
  const text = readTargetText(wanted, cell);
  if (!text.ok) return text;
  const [, from, to] = bandText.exec(text.value) ?? [];
  if (from === undefined || to === undefined) return err(refusal(wanted, cell));
  const [low, high] = [readNumber(from), readNumber(to)];
  if (!low.ok || !high.ok) {
    const spellings = (read: typeof low) => (read.ok ? [read.value.text] : read.error);
    const meant = spellings(low).flatMap((first) => spellings(high).map((second) => `${first}..${second}`));
    return err(refusal(wanted, cell, meant.length === 0 ? undefined : `write ${meant.join(' or ')}`));
  }
  if (low.value.value.eq(high.value.value)) return err(refusal(wanted, cell, 'write two different prices'));
  if (low.value.value.gt(high.value.value)) {
    return err(refusal(wanted, cell, `write the lower price first: ${high.value.text}..${low.value.text}`));
  }
  return ok({ text: text.value, bounds: { low: low.value, high: high.value } });
}

/** A target of two prices; both belong to the band. */
export function bandReading(words: Words['words']): Reading<BandTarget> {
  const example = '90000..95000';
  const wanted = { name: words[0], example };
  return {
    words,
    example,
    readTarget: (cell) => readBand(wanted, cell),
    canonicalText: ({ bounds }) => `${canonicalText(bounds.low.value)}..${canonicalText(bounds.high.value)}`,
    levels: ({ bounds }) => [bounds.low.value, bounds.high.value],
  };
}
