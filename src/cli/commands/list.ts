import type { Command } from 'commander';
import { alertRecords, shownAlerts } from '../alert-list.js';
import { openLaptopBesideCheck, readLocalConfig } from '../laptop.js';
import { asJson } from '../options.js';
import { print, tell } from '../print.js';

export function addList(program: Command): void {
  program
    .command('list')
    .description('show every stored alert and where it stands')
    .addOption(asJson())
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
}
