import { answerTitles } from '../answer-columns.js';
import type { Cell } from '../columns.js';
import { headerName } from '../columns.js';
import { conditionNames } from '../conditions/registry.js';
import { columnNames, columns } from '../fields/fields.js';
import { optionalTitles, requiredTitles } from '../fields/find-columns.js';
import { priorities } from '../fields/priority.js';
import { exchangeNames } from '../market.js';

/** The header of a new sheet: what a row asks for, and the answers. */
export const newHeader: readonly string[] = [...requiredTitles, ...optionalTitles, ...answerTitles];

/** Paused, so that it asks for nothing until somebody wants it. */
const example: Readonly<Record<string, string>> = {
  symbol: 'BTCUSDT',
  condition: 'above',
  price: '100000',
  active: 'FALSE',
  name: 'An example',
  notes: 'to arm it, set active to TRUE',
};

export const exampleRow: readonly string[] = newHeader.map((title) => example[title] ?? '');

export const usersHeader = ['user_id', 'time_zone', 'quiet', 'notify'] as const;

/** What a column offers to choose from; anything else may be written too. */
export const choices: Readonly<Record<string, readonly string[]>> = {
  condition: conditionNames,
  exchange: exchangeNames,
  repeat: ['1h', '4h', '1d', 'always', 'back'],
  priority: priorities,
};

/** How a status begins, and how well it is with the row. */
export const statusLooks = [
  { begins: 'armed', look: 'good' },
  { begins: 'fired', look: 'news' },
  { begins: 'sending', look: 'news' },
  { begins: 'paused', look: 'quiet' },
  { begins: 'over', look: 'quiet' },
  { begins: 'wrong', look: 'bad' },
  { begins: 'not listed', look: 'bad' },
  { begins: 'no price', look: 'bad' },
] as const;

/** Every title that a sheet may have, by its spellings. */
const spellings: ReadonlyMap<string, readonly string[]> = new Map([
  ...columnNames.map((name): [string, readonly string[]] => {
    const { title, aliases = [] } = columns[name];
    return [title, [headerName(title), ...aliases]];
  }),
  ...answerTitles.map((title): [string, readonly string[]] => [title, [headerName(title)]]),
]);

export const knownTitles: readonly string[] = [...spellings.keys()];

/** As the program writes it; undefined for a title that means nothing to it. */
export const canonicalTitle = (written: string): string | undefined =>
  knownTitles.find((title) => spellings.get(title)?.includes(headerName(written)));

/** Those of the titles that the header has not, under none of their spellings. */
export function missingTitles(header: readonly Cell[], titles: readonly string[]): readonly string[] {
  const names = header.map(headerName);
  return titles.filter((title) => !(spellings.get(title) ?? [headerName(title)]).some((name) => names.includes(name)));
}

const isBlankRow = (row: readonly Cell[]): boolean => row.every((cell) => String(cell ?? '').trim() === '');

/** What is there to be set up: nothing yet, a sheet that has been, or somebody's own. */
export function standingOf(table: readonly (readonly Cell[])[]): 'empty' | 'set-up' | 'in-use' {
  if (table.every(isBlankRow)) return 'empty';
  return missingTitles(table[0] ?? [], requiredTitles).length === 0 ? 'set-up' : 'in-use';
}
