import { type Command, Option } from 'commander';
import ms from 'ms';
import { exchangeNames } from '../../domain/market.js';
import { asJson, readDays, readEvery, readTime } from '../options.js';
import { type ReplayOptions, runReplay } from '../replay-command.js';

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('what your alerts would have done: the same rules over recorded candles')
    .requiredOption(
      '--alerts <file>',
      'a CSV file with the columns of the sheet, and armed_at where a row counts later',
    )
    .option('--candles <file>', 'a CSV file: open_time,open,high,low,close,volume, one minute each')
    .option('--symbol <symbol>', 'whose candles to fetch, or which of the alerts the file is of')
    .addOption(new Option('--exchange <name>', 'where to fetch them (default: binance)').choices(exchangeNames))
    .option('--days <count>', 'how many days to fetch', readDays, 30)
    .option('--every <interval>', 'time between two checks', readEvery, ms('5m'))
    .option('--from <time>', 'the first check, such as 2023-03-01T00:00Z', readTime)
    .option('--to <time>', 'the last check', readTime)
    .addOption(asJson())
    .action(async (options: ReplayOptions) => {
      process.exitCode = await runReplay(options);
    });
}
