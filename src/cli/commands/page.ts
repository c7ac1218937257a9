import { type Command, InvalidArgumentError, Option } from 'commander';
import { readInterval, region } from '../options.js';
import { type PageCommandOptions, runPage } from '../page-command.js';
import { stopAtSignal } from '../stop.js';

export function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError(`expected a port from 1 to 65535, or 0 for any that is free, got "${text}".`);
}

export function addPage(program: Command): void {
  program
    .command('page')
    .description('show the alerts on a page of this machine, and edit them there')
    .option('--port <port>', 'where it is served', readPort, 7860)
    .option('--host <address>', 'listen on more than this machine, behind a token: 0.0.0.0, or one of its addresses')
    .option('--token-file <file>', 'the token stands in this file, and stays the same at each start')
    .option('--sheet <file|google>', 'a CSV file, or google (default: alerts.csv, or the sheet of the stack)')
    .addOption(region())
    .option('--table <name>', 'of the stack (its output TableName), with your own AWS credentials')
    .addOption(new Option('--secret <id>', 'the secret of the stack (default: SECRET_ID)'))
    .option('--watch <interval>', 'check too, such as every 5m', readInterval)
    .option('--open', 'open it in the browser')
    .action(async (options: PageCommandOptions) => {
      process.exitCode = await runPage(options, stopAtSignal());
    });
}
