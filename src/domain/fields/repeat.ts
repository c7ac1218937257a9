import { Big } from 'big.js';
import { blankOrBroken, isBlank, shownCell, textOf } from '../cell.js';
import type { Cell } from '../columns.js';
import { readDuration } from '../conditions/duration.js';
import { readConditionName } from '../conditions/read-condition.js';
import { conditionNames, kindNamed } from '../conditions/registry.js';
import { readNumber } from '../number-text.js';
import { err, ok, type Result } from '../result.js';
import { dayMs, minuteMs } from '../time.js';
import { asPlainValues, type Codec, expectedGot, field } from './field.js';

/** What becomes of an alert after a fire. Without one it fires once. */
export interface Repeat {
  /** As the row says it: shown, stored, and read again from there. */
  readonly text: string;
  /** It is armed again no earlier than so long after the claim; 0 for `always` and for `back` alone. */
  readonly afterMs: number;
  /** It is armed again only by a price on the other side of the target, that share of it beyond; 0 for a bare `back`. */
  readonly back: { readonly share: Big } | undefined;
}

const example = '1h, always, back, back 0.5% or 1h back';

const shape = /^(?:(.*\S)\s+)?(?:back|назад)(?:\s+(\d[\d.,]*)\s*%)?(?:\s+(\S.*))?$/u;

/** A duration before the `back` or after it, and not in both places. */
function readBack(text: string): { duration: string; percent: string | undefined } | undefined {
  const [whole, before, percent, after] = shape.exec(text) ?? [];
  if (whole === undefined || (before !== undefined && after !== undefined)) return undefined;
  return { duration: before ?? after ?? '', percent };
}

function readShare(percent: string | undefined): Big | undefined {
  if (percent === undefined) return new Big(0);
  const read = readNumber(percent);
  const share = read.ok ? read.value.value.times('0.01') : undefined;
  return share?.lt(1) ? share : undefined;
}

/** Undefined for anything else than a repeat; it is the column that says what is wrong. */
function parseRepeat(written: string): Repeat | undefined {
  const text = written.replace(/\s+/gu, ' ');
  const words = text.toLowerCase();
  if (words === 'always' || words === 'всегда') return { text, afterMs: 0, back: undefined };
  const back = readBack(words);
  const share = back && readShare(back.percent);
  if (back !== undefined && share === undefined) return undefined;
  const duration = back?.duration ?? words;
  const afterMs = duration === '' && back !== undefined ? 0 : readDuration(duration);
  if (afterMs === undefined || (duration !== '' && (afterMs < minuteMs || afterMs > 30 * dayMs))) return undefined;
  return { text, afterMs, back: share && { share } };
}

const goingBack = conditionNames.filter((name) => kindNamed(name).hasOtherSide).join(', ');

function readRepeat(cells: { readonly repeat: Cell; readonly condition: Cell }): Result<Repeat | undefined, string> {
  const { repeat: cell } = cells;
  if (isBlank(cell)) return ok(undefined);
  const problem = blankOrBroken('repeat', cell, example);
  if (problem !== undefined) return err(problem);
  const repeat = typeof cell === 'string' ? parseRepeat(textOf(cell)) : undefined;
  if (repeat === undefined) {
    const remedy = 'a time is 1m to 30d, in whole minutes, hours or days';
    return err(`repeat: expected ${example} or a blank cell, got ${shownCell(cell)}; ${remedy}`);
  }
  const name = readConditionName(cells.condition);
  if (repeat.back !== undefined && name.ok && !kindNamed(name.value).hasOtherSide) {
    return err(
      `repeat: ${name.value} has no other side to go back to, got ${shownCell(cell)}; write a time such as 1h, or always. back fits ${goingBack}`,
    );
  }
  return ok(repeat);
}

const attributes: Codec<Repeat | undefined> = {
  write: (repeat) => ({ repeat: repeat?.text }),
  read({ repeat: text }) {
    if (text === undefined) return ok(undefined);
    const repeat = typeof text === 'string' ? parseRepeat(text) : undefined;
    return repeat === undefined ? err([expectedGot('repeat', `expected ${example}`, text)]) : ok(repeat);
  },
};

export const repeatField = field<Repeat | undefined, 'repeat', 'condition'>({
  columns: { repeat: { title: 'repeat' } },
  read: readRepeat,
  change: (stored, asked) => asPlainValues(stored?.text, asked?.text),
  attributes,
  heading: 'REPEAT',
  shown: (repeat) => repeat?.text ?? '',
  record: (repeat) => ({ repeat: repeat?.text ?? null }),
});
