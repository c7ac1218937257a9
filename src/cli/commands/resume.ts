import type { Command } from 'commander';
import { setActive } from '../edit-alert.js';
import type { SheetOptions } from '../edited-sheet.js';
import { onSheet, rowOrId } from '../options.js';

export function addResume(program: Command): void {
  onSheet(program.command('resume'))
    .description('set active of a row to TRUE: the alert is armed again')
    .argument(...rowOrId)
    .action(async (which: string, options: SheetOptions) => {
      process.exitCode = await setActive(which, true, options);
    });
}
