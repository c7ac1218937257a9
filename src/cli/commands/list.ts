import type { Command } from 'commander';
import { unreadableText } from '../../domain/alert.js';
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
      const config = readLocalConfig('');
      const laptop = await openLaptopBesideCheck(config);
      try {
        const { alerts, unreadable } = await laptop.store.list();
        const seen = { now: Date.now(), timeZone: config.timeZone };
        print(options.json ? JSON.stringify(alertRecords(alerts, seen)) : shownAlerts(alerts, seen));
        for (const each of unreadable) tell(unreadableText(each));
        if (unreadable.length > 0) process.exitCode = 1;
      } finally {
        await laptop.close();
      }
    });
}
