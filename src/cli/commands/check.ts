import type { Command } from 'commander';
import { runCheck } from '../check-command.js';
import { asJson, readInterval } from '../options.js';
import { stopAtSignal } from '../stop.js';

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('read the sheet, ask the exchanges, push what was touched')
    .option('--sheet <file|google>', 'a CSV file with the columns of the sheet, or google', 'alerts.csv')
    .option('--users <file>', 'a CSV file with the columns of the tab Users (default: users.csv beside the sheet)')
    .option('--dry-run', 'write nothing, push nothing')
    .option('--watch <interval>', 'check again and again, such as every 5m; Ctrl-C stops', readInterval)
    .addOption(asJson())
    .action(async (options) => {
      process.exitCode = await runCheck(options, stopAtSignal());
    });
}
