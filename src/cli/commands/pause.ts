import type { Command } from 'commander';
import { setActive } from '../edit-alert.js';
import type { SheetOptions } from '../edited-sheet.js';
import { onSheet, rowOrId } from '../options.js';

export function addPause(program: Command): void {
  onSheet(program.command('pause'))
    .description('set active of a row to FALSE')
    .argument(...rowOrId)
    .action(async (which: string, options: SheetOptions) => {
      process.exitCode = await setActive(which, false, options);
    });
}
