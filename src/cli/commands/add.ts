import { type Command, Option } from 'commander';
import { exchangeNames } from '../../domain/market.js';
import { type AddOptions, addAlert } from '../edit-alert.js';
import { onSheet } from '../options.js';

export function addAdd(program: Command): void {
  onSheet(program.command('add'))
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
}
