import type { Command } from 'commander';
import { removeAlert } from '../edit-alert.js';
import type { SheetOptions } from '../edited-sheet.js';
import { onSheet, rowOrId } from '../options.js';

export function addRemove(program: Command): void {
  onSheet(program.command('remove'))
    .description('delete a row')
    .argument(...rowOrId)
    .action(async (which: string, options: SheetOptions) => {
      process.exitCode = await removeAlert(which, options);
    });
}
