import { dirname, join } from 'node:path';
import { createAlertStore } from '../adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../adapters/dynamodb/client.js';
import { createGoneItems } from '../adapters/dynamodb/gone-addresses.js';
import { createHistory, removeOldHistory } from '../adapters/dynamodb/history.js';
import { StoreError } from '../adapters/dynamodb/store-error.js';
import { ensureTable } from '../adapters/dynamodb/table.js';
import { atLevel } from '../adapters/log.js';
import type { KeysReader } from '../adapters/notifiers/connect.js';
import type { KeptFingerprints } from '../adapters/notifiers/gone-addresses.js';
import { SecretError } from '../adapters/secret-error.js';
import { readSecretFile } from '../adapters/secret-file.js';
import { createCsvSheet } from '../adapters/sheet/csv.js';
import { createCsvAnswers } from '../adapters/sheet/csv-answers.js';
import { createTerminalPhone } from '../adapters/terminal-phone.js';
import { createApp, type WiredApp } from '../app.js';
import { type Config, readConfig } from '../config.js';
import type { AlertStore } from '../flows/ports/alert-store.js';
import type { History } from '../flows/ports/history.js';
import type { Log } from '../flows/ports/log.js';
import {
  type EmbeddedDynamoDb,
  FolderInUse,
  findEmbeddedDynamoDb,
  startEmbeddedDynamoDb,
} from './embedded-dynamodb.js';
import { tell } from './print.js';

/** Everything the laptop keeps: the embedded DynamoDB's files. */
export const localFolder = '.trading-alerts';
export const secretsFile = 'secrets.json';
/** Where the users of a CSV file of alerts are looked for; there need not be such a file. */
export const usersFileBeside = (sheet: string): string => join(dirname(sheet), 'users.csv');

export interface Laptop {
  readonly store: AlertStore;
  readonly history: History;
  readonly goneAddresses: KeptFingerprints;
  /** Of a deployed stack; left out, the secret is the file of this folder. */
  readonly secret?: KeysReader;
  readonly close: () => Promise<void>;
}

/** The embedded DynamoDB takes any key; real credentials must not be sent to it. */
const localAccess = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

type TableConfig = Pick<Config, 'tableName' | 'historyDays'>;

async function openStore(database: EmbeddedDynamoDb, { tableName, historyDays }: TableConfig): Promise<Laptop> {
  const client = createStoreClient({ endpoint: database.url, ...localAccess });
  const close = async () => {
    client.destroy();
    await database.close();
  };
  try {
    await ensureTable(client, tableName);
    const kept = { client, tableName, keptDays: historyDays };
    await removeOldHistory(kept, Date.now());
    return {
      store: createAlertStore({ client, tableName }),
      history: createHistory(kept),
      goneAddresses: createGoneItems({ client, tableName }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens the alerts stored on this machine, and makes the table on the first run. */
export async function openLaptop(config: TableConfig): Promise<Laptop> {
  return openStore(await startEmbeddedDynamoDb({ path: localFolder }), config);
}

/** The same where a check may be running: then that program is asked. */
export async function openLaptopBesideCheck(config: TableConfig): Promise<Laptop> {
  try {
    return await openLaptop(config);
  } catch (error) {
    const url = error instanceof FolderInUse ? await findEmbeddedDynamoDb(localFolder) : undefined;
    if (url === undefined) throw error;
    return openStore({ url, close: async () => undefined }, config);
  }
}

/** The store's own failure: worth another try, unlike a fault of the program. */
export const isStoreFailure = (error: unknown): error is Error => error instanceof StoreError;

/** `google` reads the spreadsheet's id from the environment; a CSV file needs none, so a name stands in its place. */
export function readLocalConfig(sheet: string): Config {
  const environment = { ...process.env };
  // Whoever hears of it delivers from the deployed table; this machine delivers everything itself.
  delete environment.SQS_QUEUE_URL;
  if (sheet !== 'google') environment.GOOGLE_SHEETS_SPREADSHEET_ID = 'a-csv-file-is-read';
  return readConfig(environment);
}

const terminalLog: Log = {
  debug: (message, fields) => tell(`${message} ${JSON.stringify(fields)}`),
  // The summary is printed.
  info: () => undefined,
  warn: (message, fields) => tell(`${message} ${JSON.stringify(fields)}`),
  error: (message, fields) => tell(`${message} ${JSON.stringify(fields)}`),
};

/** The file is read at every check, so that a repaired key counts at once. */
const secretFromFile: KeysReader = {
  async read() {
    const secret = await readSecretFile(secretsFile);
    if (secret !== undefined) return secret;
    throw new SecretError({
      message: `there is no ${secretsFile}`,
      remedy: 'copy src/cli/examples/secrets.example.json and fill it in',
    });
  },
  forget: () => undefined,
};

/** The Lambda's program with a CSV file for the sheet, files for the table, and the terminal for phones without keys. */
export async function createLaptopApp(
  config: Config,
  laptop: Laptop,
  { sheet, users }: { readonly sheet: string; readonly users?: string },
  showPush: (text: string) => void,
): Promise<WiredApp> {
  const csvUsers = { path: users ?? usersFileBeside(sheet), isNamed: users !== undefined };
  const hasKeys = laptop.secret !== undefined || (await readSecretFile(secretsFile)) !== undefined;
  return createApp(config, {
    store: laptop.store,
    history: laptop.history,
    goneAddresses: laptop.goneAddresses,
    log: atLevel(config.logLevel, terminalLog),
    metrics: () => undefined,
    secret: laptop.secret ?? secretFromFile,
    ...(sheet === 'google' ? {} : { sheet: { ...createCsvSheet(sheet, csvUsers), answers: createCsvAnswers(sheet) } }),
    ...(hasKeys ? {} : { notifiers: createTerminalPhone(showPush) }),
  });
}
