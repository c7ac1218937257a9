import { readCondition } from '../../domain/conditions/read-condition.js';
import type { Condition } from '../../domain/conditions/registry.js';
import { findConditionName, isConditionName, kindNamed } from '../../domain/conditions/registry.js';
import type { Reading } from '../../domain/fields/field.js';
import { type ColumnName, columns, fieldNamed, fieldNames } from '../../domain/fields/fields.js';
import { readPrice } from '../../domain/price.js';
import type { PageState } from '../protocol.js';

export type FormColumn = Exclude<ColumnName, 'id' | 'active'>;
export type FormCells = Readonly<Record<FormColumn, string>>;
export type FormProblems = Readonly<Partial<Record<FormColumn, string | undefined>>>;

/** What is no cell of the form is blank. */
function readingOf({ now, timeZone, users, channels, userChannels }: PageState): Reading {
  return {
    knownUsers: users.length === 0 ? undefined : users,
    channelNames: channels ?? [],
    ...(userChannels !== undefined && { channels: new Map(Object.entries(userChannels)) }),
    now,
    timeZone,
  };
}

/** The column that a sentence begins with; what begins with none is of the field's first column. */
function columnOf(sentence: string, own: readonly ColumnName[]): FormColumn {
  const named = own.find((name) => sentence.startsWith(columns[name].title));
  return (named ?? own[0] ?? 'symbol') as FormColumn;
}

/** What the sheet would say of such a row, at the cell that it is about. */
export function problemsOf(form: FormCells, state: PageState, isNew: boolean): FormProblems {
  const reading = readingOf(state);
  const cells = { ...form, id: '', active: 'TRUE' };
  const problems: Partial<Record<FormColumn, string>> = {};
  for (const name of fieldNames) {
    // Without the list of channels only the server can tell.
    if (name === 'notify' && state.channels === undefined) continue;
    const field = fieldNamed(name);
    const read = field.read(cells, reading);
    const late = read.ok && isNew ? field.problemWhenNew?.(read.value, state.now) : undefined;
    const sentences = read.ok ? (late === undefined ? [] : [late]) : [read.error].flat();
    for (const sentence of sentences) {
      const column = columnOf(sentence, Object.keys(field.columns) as ColumnName[]);
      problems[column] = problems[column] === undefined ? sentence : `${problems[column]}. ${sentence}`;
    }
  }
  return problems;
}

export const exampleOf = (condition: string): string => {
  const name = findConditionName(condition);
  return name === undefined ? '95000' : kindNamed(name).example;
};

/** Undefined where they are none. */
export function conditionIn(condition: string, target: string): Condition | undefined {
  const read = readCondition({ condition, price: target });
  return read.ok ? read.value : undefined;
}

/** Whether the last price alone meets it already, so that the next check fires it. */
export function firesAtOnce(condition: Condition | undefined, lastText: string | undefined): boolean {
  const last = readPrice(lastText);
  if (condition === undefined || last === undefined || !isConditionName(condition.kind)) return false;
  const kind = kindNamed(condition.kind);
  const looksBack = kind.hasStart || kind.comparesPrices || kind.lookBackMs(condition.target) > 0;
  if (looksBack || kind.funding !== undefined) return false;
  return kind.canMatter(condition.target, undefined, { low: last, high: last, last });
}
