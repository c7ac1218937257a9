import type { Command } from 'commander';
import { onTable, rowOrId } from '../options.js';
import { runWhy, type WhyOptions } from '../why-command.js';

export function addWhy(program: Command): void {
  onTable(
    program
      .command('why')
      .description(
        'why an alert rings or is silent: its row, the price, what a check would ask and decide; nothing is written',
      )
      .argument(...rowOrId),
  ).action(async (target: string, options: WhyOptions) => {
    process.exitCode = await runWhy(target, options);
  });
}
