import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { channelNames } from '../adapters/notifiers/registry.js';
import { createTransport } from '../adapters/notifiers/transport.js';
import { createAsker } from './ask.js';
import { runDoctor } from './doctor/command.js';
import type { DoctorOptions } from './doctor/surroundings.js';
import type { AddressSearch } from './find-address.js';
import { readLocalConfig, secretsFile } from './laptop.js';
import { print, tell } from './print.js';
import { makeSecret, type SecretOptions } from './secret-command.js';
import { type TestPushOptions, testPush } from './test-push-command.js';

const secretId = () =>
  new Option('--secret <id>', 'the secret in Secrets Manager (default: SECRET_ID)').implies({ aws: true });
const region = () => new Option('--region <region>', "of the stack (default: AWS_REGION, or the profile's)");

function addDoctor(program: Command, asJson: Option): void {
  program
    .command('doctor')
    .description('what is right, and what to do about what is not; nothing is written or pushed')
    .addOption(new Option('--aws', 'the surroundings of the Lambda, in place of this folder').conflicts('sheet'))
    .option('--sheet <file|google>', 'a CSV file with the columns of the sheet, or google', 'alerts.csv')
    .addOption(secretId())
    .addOption(new Option('--table <name>', 'the table (default: DYNAMODB_TABLE_NAME)').implies({ aws: true }))
    .addOption(region().implies({ aws: true }))
    .addOption(
      new Option('--spreadsheet <id>', 'the Google Sheet (default: GOOGLE_SHEETS_SPREADSHEET_ID)').implies({
        aws: true,
      }),
    )
    .addOption(new Option('--tab <name>', 'of its alerts (default: SHEET_TAB, or Alerts)').implies({ aws: true }))
    .addOption(new Option('--before-deploy', 'the table may be missing').implies({ aws: true }))
    .addOption(asJson)
    .action(async (options: DoctorOptions & { json?: true }) => {
      process.exitCode = await runDoctor(options, {
        environment: process.env,
        nodeVersion: process.version,
        secretsFile,
        now: Date.now,
        timeoutMs: 5_000,
      });
    });
}

function addTestPush(program: Command): void {
  program
    .command('test-push')
    .description("send one message to a user's channels, or to one of them")
    .argument('<user>', 'as user_id in the sheet names them')
    .addOption(new Option('--channel <name>', 'only this one').choices(channelNames))
    .option('--aws', `the secret of the Lambda, in place of ${secretsFile}`)
    .addOption(secretId())
    .addOption(region().implies({ aws: true }))
    .action(async (user: string, options: TestPushOptions) => {
      const config = readLocalConfig('');
      const outside = { config, environment: process.env, secretsFile, now: Date.now() };
      const { isAccepted, text } = await testPush(user, options, outside);
      (isAccepted ? print : tell)(text);
      process.exitCode = isAccepted ? 0 : 1;
    });
}

const addressSearch = (): AddressSearch => ({
  transport: createTransport({ timeoutMs: 10_000 }),
  origins: readLocalConfig('').notifierOrigins,
  now: Date.now,
  pause: (ms, signal) =>
    pause(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
});

function addSecret(program: Command): void {
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

/** What is needed before the first check, and when something is not right. */
export function addSetupCommands(program: Command, asJson: Option): void {
  addDoctor(program, asJson);
  addTestPush(program);
  addSecret(program);
}
