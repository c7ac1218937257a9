import type { Command } from 'commander';
import { runDemo } from '../demo.js';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('the whole product on this machine: no account, no internet')
    .action(async () => {
      process.exitCode = await runDemo();
    });
}
