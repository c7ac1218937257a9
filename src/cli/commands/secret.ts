import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { createTransport } from '../../adapters/notifiers/transport.js';
import { createAsker } from '../ask.js';
import type { AddressSearch } from '../find-address.js';
import { readLocalConfig, secretsFile } from '../laptop.js';
import { region } from '../options.js';
import { print, tell } from '../print.js';
import { makeSecret, type SecretOptions } from '../secret-command.js';

const addressSearch = (): AddressSearch => ({
  transport: createTransport({ timeoutMs: 10_000 }),
  origins: readLocalConfig('').notifierOrigins,
  now: Date.now,
  pause: (ms, signal) =>
    pause(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
});

export function addSecret(program: Command): void {
  program
    .command('secret')
    .description("make the secret's file, and show the command that stores it")
    .option('--service-account <file>', 'the JSON key file of the Google service account that reads the sheet')
    .option('--out <file>', `where to write it; ${secretsFile} for this folder's checks`, 'secret.json')
    .option('--force', 'replace the file')
    .option('--name <name>', 'the name in Secrets Manager (default: SECRET_ID, or trading-alerts)')
    .addOption(region())
    .action(async (options: Omit<SecretOptions, 'name' | 'region'> & { name?: string; region?: string }) => {
      const { SECRET_ID, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
      const asker = createAsker(process.stdin, process.stderr);
      try {
        const name = options.name ?? (SECRET_ID || 'trading-alerts');
        const where = options.region ?? (AWS_REGION || AWS_DEFAULT_REGION || undefined);
        const made = await makeSecret({ ...options, name, region: where }, { asker, tell }, addressSearch());
        (made.ok ? print : tell)(made.ok ? made.value : made.error);
        process.exitCode = made.ok ? 0 : 1;
      } finally {
        asker.close();
      }
    });
}
