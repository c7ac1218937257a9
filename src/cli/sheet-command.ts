import { answerTitles } from '../domain/answer-columns.js';
import { canonicalTitle, knownTitles } from '../domain/edit/new-sheet.js';
import { problemText } from '../domain/problem.js';
import type { Result } from '../domain/result.js';
import type { EditError } from '../flows/ports/sheet-editor.js';
import { checkSheet, isGood, shownCheck } from './check-sheet.js';
import { type EditedSheet, openEditedSheet, type SheetOptions } from './edited-sheet.js';
import { print, tell } from './print.js';

/** Resolves to the exit code. */
async function runLayout(
  options: SheetOptions,
  act: (opened: EditedSheet) => Promise<Result<readonly string[], EditError>>,
  shown: (done: readonly string[]) => string,
): Promise<number> {
  const done = await act(await openEditedSheet(options));
  if (options.json) print(JSON.stringify(done.ok ? { done: done.value } : { error: done.error }));
  else if (done.ok) print(shown(done.value));
  else tell(problemText(done.error));
  return done.ok ? 0 : 1;
}

export const runSetUp = (options: SheetOptions): Promise<number> =>
  runLayout(
    options,
    ({ layout }) => layout.setUp(),
    (done) => done.join('\n'),
  );

/** Resolves to the exit code: 1 where a row is wrong. */
export async function runSheetCheck(options: SheetOptions): Promise<number> {
  const { sheet, known, context } = await openEditedSheet(options);
  const checked = await checkSheet(sheet, context().reading, known);
  if (options.json) print(JSON.stringify(checked.ok ? checked.value : { error: checked.error }));
  else if (checked.ok) print(shownCheck(checked.value));
  else tell(checked.error);
  return checked.ok && isGood(checked.value) ? 0 : 1;
}

/** Without titles the answers' columns. */
export async function runColumns(titles: readonly string[], options: SheetOptions): Promise<number> {
  const unknown = titles.filter((title) => canonicalTitle(title) === undefined);
  if (unknown.length > 0) {
    tell(`expected some of ${knownTitles.join(', ')}; got ${unknown.map((title) => `"${title}"`).join(', ')}`);
    return 1;
  }
  const asked = titles.length === 0 ? answerTitles : titles.map((title) => canonicalTitle(title) ?? title);
  const shown = (added: readonly string[]) =>
    added.length === 0 ? 'every column is there already' : `added: ${added.join(', ')}`;
  return runLayout(options, ({ layout }) => layout.addColumns(asked), shown);
}
