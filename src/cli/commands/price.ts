import { type Command, Option } from 'commander';
import { createPriceSources } from '../../app.js';
import { type ExchangeName, exchangeNames } from '../../domain/market.js';
import { readLocalConfig } from '../laptop.js';
import { asJson } from '../options.js';
import { quotes, shownQuotes } from '../price-command.js';
import { print } from '../print.js';

export function addPrice(program: Command): void {
  program
    .command('price')
    .description('show what the exchanges say of a symbol now')
    .argument('<symbol>', 'such as BTCUSDT, BTC-USD, or BTCUSDT.P for the perpetual and its funding')
    .addOption(new Option('--exchange <name>', 'ask only this one').choices(exchangeNames))
    .addOption(asJson())
    .action(async (symbol: string, options: { exchange?: ExchangeName; json?: true }) => {
      const found = await quotes(createPriceSources(readLocalConfig('')), symbol, options.exchange, Date.now());
      print(options.json ? JSON.stringify(found) : shownQuotes(found));
      if (found.every(({ last }) => last === undefined)) process.exitCode = 1;
    });
}
