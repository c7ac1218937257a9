import type { Command } from 'commander';
import { createPriceSources } from '../../app.js';
import { fundingRecords, readFunding, shownFundingTable } from '../funding-command.js';
import { readLocalConfig } from '../laptop.js';
import { asJson, readCount } from '../options.js';
import { print, tell } from '../print.js';

/** Nobody reads thousands. */
const mostOfAll = 20;

export function addFunding(program: Command): void {
  program
    .command('funding')
    .description(
      'show the funding rates of perpetuals: of the symbols in their order, or of all, the largest a year first',
    )
    .argument('[symbols...]', 'such as BTCUSDT or BYBIT:ETHUSDT.P; none for all')
    .option('--top <count>', `show so many (default: ${mostOfAll} where no symbol is given, else all)`, readCount)
    .addOption(asJson())
    .action(async (symbols: string[], options: { top?: number; json?: true }) => {
      const now = Date.now();
      const top = options.top ?? (symbols.length === 0 ? mostOfAll : undefined);
      const table = await readFunding(createPriceSources(readLocalConfig('')), symbols, top, now);
      print(options.json ? JSON.stringify(fundingRecords(table)) : shownFundingTable(table, now));
      for (const { exchange, reason } of table.failed) tell(`${exchange}: ${reason}`);
      if (!table.rows.some(({ rate }) => rate.ok)) process.exitCode = 1;
    });
}
