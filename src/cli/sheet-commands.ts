import { type Command, Option } from 'commander';
import { answerTitles } from '../domain/answer-columns.js';
import { canonicalTitle, knownTitles } from '../domain/edit/new-sheet.js';
import { exchangeNames } from '../domain/market.js';
import { problemText } from '../domain/problem.js';
import type { Result } from '../domain/result.js';
import type { EditError } from '../flows/ports/sheet-editor.js';
import { checkSheet, isGood, shownCheck } from './check-sheet.js';
import { type AddOptions, addAlert, removeAlert, setActive } from './edit-alert.js';
import { type EditedSheet, openEditedSheet, type SheetOptions } from './edited-sheet.js';
import { print, tell } from './print.js';

/** The options by which a command finds the sheet and the key for it. */
function onSheet(command: Command, asJson: Option): Command {
  return command
    .option('--sheet <file|google>', 'a CSV file with the columns of the sheet, or google', 'alerts.csv')
    .addOption(
      new Option('--secret <id>', 'the secret in Secrets Manager (default: secrets.json)').implies({ aws: true }),
    )
    .addOption(new Option('--region <region>', 'of that secret').implies({ aws: true }))
    .addOption(asJson);
}

function addRowCommands(program: Command, asJson: Option): void {
  onSheet(program.command('add'), asJson)
    .description('write a row for an alert, such as: trading-alerts add "BTCUSDT above 95000"')
    .argument('<alert...>', 'symbol, condition and price, as the sheet has them')
    .option('--user <user_id>', 'who is told')
    .addOption(new Option('--exchange <name>', 'where').choices(exchangeNames))
    .option('--repeat <repeat>', 'such as 4h, always or back')
    .option('--expires <expires>', 'such as 2026-12-31 or 30d')
    .option('--priority <priority>', 'low, normal, high or urgent')
    .option('--notify <channels>', 'such as telegram,pushover')
    .option('--name <name>', 'shown in the push')
    .option('--notes <notes>', 'shown in the push')
    .action(async (words: string[], options: AddOptions) => {
      process.exitCode = await addAlert(words.join(' '), options);
    });
  const target = ['<row-or-id>', 'the number of the row, or the id of the alert (id:5 where it is a number)'] as const;
  onSheet(program.command('pause'), asJson)
    .description('set active of a row to FALSE')
    .argument(...target)
    .action(async (which: string, options: SheetOptions) => {
      process.exitCode = await setActive(which, false, options);
    });
  onSheet(program.command('resume'), asJson)
    .description('set active of a row to TRUE: the alert is armed again')
    .argument(...target)
    .action(async (which: string, options: SheetOptions) => {
      process.exitCode = await setActive(which, true, options);
    });
  onSheet(program.command('remove'), asJson)
    .description('delete a row')
    .argument(...target)
    .action(async (which: string, options: SheetOptions) => {
      process.exitCode = await removeAlert(which, options);
    });
}

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

async function runSheetCheck(options: SheetOptions): Promise<number> {
  const { sheet, known, context } = await openEditedSheet(options);
  const checked = await checkSheet(sheet, context().reading, known);
  if (options.json) print(JSON.stringify(checked.ok ? checked.value : { error: checked.error }));
  else if (checked.ok) print(shownCheck(checked.value));
  else tell(checked.error);
  return checked.ok && isGood(checked.value) ? 0 : 1;
}

async function runColumns(titles: readonly string[], options: SheetOptions): Promise<number> {
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

/** What edits the sheet, and what looks at it. */
export function addSheetCommands(program: Command, asJson: Option): void {
  addRowCommands(program, asJson);
  const sheet = program.command('sheet').description('make a sheet usable, add columns to it, look at every row of it');
  onSheet(sheet.command('init'), asJson)
    .description('header, choices, colours, the users and a paused example, in an empty sheet')
    .action(async (options: SheetOptions) => {
      process.exitCode = await runLayout(
        options,
        ({ layout }) => layout.setUp(),
        (done) => done.join('\n'),
      );
    });
  onSheet(sheet.command('columns'), asJson)
    .description('add the columns in which the sheet answers, or those that are named')
    .argument('[titles...]', 'such as id or repeat')
    .action(async (titles: string[], options: SheetOptions) => {
      process.exitCode = await runColumns(titles, options);
    });
  onSheet(sheet.command('check'), asJson)
    .description('read every row and say what is wrong; nothing is written')
    .action(async (options: SheetOptions) => {
      process.exitCode = await runSheetCheck(options);
    });
}
