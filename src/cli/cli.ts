import { Command, InvalidArgumentError, Option } from 'commander';
import ms, { type StringValue } from 'ms';
import { errorCode } from '../adapters/error-code.js';
import { createPriceSources } from '../app.js';
import { messageOf } from '../domain/error-message.js';
import { type ExchangeName, exchangeNames } from '../domain/market.js';
import { alertRecords, shownAlerts } from './alert-list.js';
import { runCheck } from './check-command.js';
import { runDemo } from './demo.js';
import { fundingRecords, readFunding, shownFundingTable } from './funding-command.js';
import { readInstant } from './instant.js';
import { openLaptopBesideCheck, readLocalConfig } from './laptop.js';
import { quotes, shownQuotes } from './price-command.js';
import { print, tell } from './print.js';
import { type ReplayOptions, runReplay } from './replay-command.js';
import { addSetupCommands } from './setup-commands.js';

/** The Scheduler's shortest interval is a minute; a laptop may look more often, but not hammer the exchanges. */
const shortestWatchMs = 10_000;

function readInterval(text: string): number {
  const interval = /^\d+(\.\d+)?\s*(s|m|h)$/.test(text) ? ms(text as StringValue) : undefined;
  if (interval === undefined || interval < shortestWatchMs) {
    throw new InvalidArgumentError(`expected a time such as 30s, 5m or 1h, at least 10s, got "${text}".`);
  }
  return interval;
}

// On Node 20 the AWS SDK announces at every start that it will drop it; that is the Lambda's matter, not the laptop's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

function readEvery(text: string): number {
  const interval = /^\d+(\.\d+)?\s*(s|m|h|d)$/.test(text) ? ms(text as StringValue) : undefined;
  if (interval === undefined || interval < ms('1s')) {
    throw new InvalidArgumentError(`expected a time such as 1m, 5m or 1h, got "${text}".`);
  }
  return interval;
}

function readDays(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError(`expected a whole number of days from 1 to 999, got "${text}".`);
}

function readCount(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError(`expected a whole number from 1 to 99999, got "${text}".`);
}

function readTime(text: string): number {
  const instant = readInstant(text);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError(`expected a time such as 2023-03-01T14:05Z, got "${text}".`);
}

const asJson = new Option('--json', 'print one JSON document a line, for programs');
const stop = new AbortController();

/** A check that is under way is ended first. Every other command ends as the system ends it. */
function stopAtSignal(): AbortSignal {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
      // A second signal ends at once.
      process.once(signal, () => process.exit(130));
    });
  }
  return stop.signal;
}

// Who read the answer has gone, as `head -1` does. What is under way is ended all the same; a watch has nobody to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
    stop.abort();
  });
}

const program = new Command('trading-alerts')
  .description('Price alerts from a sheet to your phone, on this machine or as one AWS Lambda.')
  .showHelpAfterError('(see: trading-alerts --help)');

program
  .command('check')
  .description('read the sheet, ask the exchanges, push what was touched')
  .option('--sheet <file|google>', 'a CSV file with the columns of the sheet, or google', 'alerts.csv')
  .option('--users <file>', 'a CSV file with the columns of the tab Users (default: users.csv beside the sheet)')
  .option('--dry-run', 'write nothing, push nothing')
  .option('--watch <interval>', 'check again and again, such as every 5m; Ctrl-C stops', readInterval)
  .addOption(asJson)
  .action(async (options) => {
    process.exitCode = await runCheck(options, stopAtSignal());
  });

program
  .command('list')
  .description('show every stored alert and where it stands')
  .addOption(asJson)
  .action(async (options: { json?: true }) => {
    const laptop = await openLaptopBesideCheck(readLocalConfig('').tableName);
    try {
      const { alerts, unreadable } = await laptop.store.list();
      print(options.json ? JSON.stringify(alertRecords(alerts)) : shownAlerts(alerts));
      for (const { id, message } of unreadable) tell(`stored item ${id} cannot be read: ${message}`);
      if (unreadable.length > 0) process.exitCode = 1;
    } finally {
      await laptop.close();
    }
  });

program
  .command('price')
  .description('show what the exchanges say of a symbol now')
  .argument('<symbol>', 'such as BTCUSDT, BTC-USD, or BTCUSDT.P for the perpetual and its funding')
  .addOption(new Option('--exchange <name>', 'ask only this one').choices(exchangeNames))
  .addOption(asJson)
  .action(async (symbol: string, options: { exchange?: ExchangeName; json?: true }) => {
    const found = await quotes(createPriceSources(readLocalConfig('')), symbol, options.exchange, Date.now());
    print(options.json ? JSON.stringify(found) : shownQuotes(found));
    if (found.every(({ last }) => last === undefined)) process.exitCode = 1;
  });

program
  .command('funding')
  .description(
    'show the funding rates of perpetuals: of the symbols in their order, or of all, the largest a year first',
  )
  .argument('[symbols...]', 'such as BTCUSDT or BYBIT:ETHUSDT.P; none for all')
  .option('--top <count>', 'show so many (default: 20 where no symbol is given, else all)', readCount)
  .addOption(asJson)
  .action(async (symbols: string[], options: { top?: number; json?: true }) => {
    const now = Date.now();
    const top = options.top ?? (symbols.length === 0 ? 20 : undefined);
    const table = await readFunding(createPriceSources(readLocalConfig('')), symbols, top, now);
    print(options.json ? JSON.stringify(fundingRecords(table)) : shownFundingTable(table, now));
    for (const { exchange, reason } of table.failed) tell(`${exchange}: ${reason}`);
    if (!table.rows.some(({ rate }) => rate.ok)) process.exitCode = 1;
  });

program
  .command('replay')
  .description('what your alerts would have done: the same rules over recorded candles')
  .requiredOption('--alerts <file>', 'a CSV file with the columns of the sheet, and armed_at where a row counts later')
  .option('--candles <file>', 'a CSV file: open_time,open,high,low,close,volume, one minute each')
  .option('--symbol <symbol>', 'whose candles to fetch, or which of the alerts the file is of')
  .addOption(new Option('--exchange <name>', 'where to fetch them (default: binance)').choices(exchangeNames))
  .option('--days <count>', 'how many days to fetch', readDays, 30)
  .option('--every <interval>', 'time between two checks', readEvery, ms('5m'))
  .option('--from <time>', 'the first check, such as 2023-03-01T00:00Z', readTime)
  .option('--to <time>', 'the last check', readTime)
  .addOption(asJson)
  .action(async (options: ReplayOptions) => {
    process.exitCode = await runReplay(options);
  });

addSetupCommands(program, asJson);

program
  .command('demo')
  .description('the whole product on this machine: no account, no internet')
  .action(async () => {
    process.exitCode = await runDemo();
  });

program.parseAsync().catch((error: unknown) => {
  tell(messageOf(error));
  process.exitCode = 1;
});
