import type { Command } from 'commander';
import type { SheetOptions } from '../edited-sheet.js';
import { onSheet } from '../options.js';
import { runColumns, runSetUp, runSheetCheck } from '../sheet-command.js';

export function addSheet(program: Command): void {
  const sheet = program.command('sheet').description('make a sheet usable, add columns to it, look at every row of it');
  onSheet(sheet.command('init'))
    .description('header, choices, colours, the users and a paused example, in an empty sheet')
    .action(async (options: SheetOptions) => {
      process.exitCode = await runSetUp(options);
    });
  onSheet(sheet.command('columns'))
    .description('add the columns in which the sheet answers, or those that are named')
    .argument('[titles...]', 'such as id or repeat')
    .action(async (titles: string[], options: SheetOptions) => {
      process.exitCode = await runColumns(titles, options);
    });
  onSheet(sheet.command('check'))
    .description('read every row and say what is wrong; nothing is written')
    .action(async (options: SheetOptions) => {
      process.exitCode = await runSheetCheck(options);
    });
}
