import { type Command, Option } from 'commander';
import { runDemo } from '../demo.js';
import { readEvery } from '../options.js';
import { stopAtSignal } from '../stop.js';
import { readPort } from './page.js';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('the whole product on this machine: no account, no internet')
    .option('--page', 'show it on the page too, a check every ten seconds; Ctrl-C ends it')
    .addOption(
      new Option('--every <interval>', 'how long the page shows each check')
        .argParser(readEvery)
        .default(10_000, '10s'),
    )
    .option('--port <port>', 'of the page', readPort, 7860)
    .option('--open', 'open the page in the browser')
    .action(async (options: Parameters<typeof runDemo>[0]) => {
      // Without the page it ends by itself, and at once where the system says so.
      process.exitCode = await runDemo(options, options.page ? stopAtSignal() : new AbortController().signal);
    });
}
