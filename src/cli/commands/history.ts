import { type Command, Option } from 'commander';
import { type HistoryOptions, runHistory } from '../history-command.js';
import { onTable, readSince } from '../options.js';

export function addHistory(program: Command): void {
  onTable(
    program
      .command('history')
      .description('what fired, on which channels, and what became of the rows')
      .addOption(
        new Option('--since <time>', 'how far back, such as 12h or 7d, or from when on')
          .default(readSince('7d'), '7d')
          .argParser(readSince),
      )
      .option('--alert <row-or-id>', 'of this one only')
      .option('--user <name>', 'of this one only'),
  )
    .addOption(new Option('--csv', 'print a CSV table').conflicts('json'))
    .action(async (options: HistoryOptions) => {
      process.exitCode = await runHistory(options);
    });
}
