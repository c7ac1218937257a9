import { createAlertStore } from '../adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../adapters/dynamodb/client.js';
import { ensureTable } from '../adapters/dynamodb/table.js';
import type { SecretReader } from '../adapters/secret.js';
import { readSecretFile } from '../adapters/secret-file.js';
import { SecretError } from '../adapters/secret-text.js';
import { createCsvSheet } from '../adapters/sheet/csv.js';
import { createTerminalPhone } from '../adapters/terminal-phone.js';
import { type App, createApp } from '../app.js';
import { type Config, readConfig } from '../config.js';
import type { AlertStore, Log } from '../flows/ports.js';
import { startEmbeddedDynamoDb } from './embedded-dynamodb.js';
import { tell } from './print.js';

/** Everything the laptop keeps: the embedded DynamoDB's files. */
export const localFolder = '.trading-alerts';
export const secretsFile = 'secrets.json';

export interface Laptop {
  readonly store: AlertStore;
  readonly close: () => Promise<void>;
}

/** The embedded DynamoDB takes any key; real credentials must not be sent to it. */
const localAccess = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Opens the alerts stored on this machine, and makes the table on the first run. */
export async function openLaptop(tableName: string, path: string | undefined = localFolder): Promise<Laptop> {
  const database = await startEmbeddedDynamoDb(path === undefined ? {} : { path });
  const client = createStoreClient({ endpoint: database.url, ...localAccess });
  await ensureTable(client, tableName);
  return {
    store: createAlertStore({ client, tableName }),
    close: async () => {
      client.destroy();
      await database.close();
    },
  };
}

/** `google` reads the spreadsheet's id from the environment; a CSV file needs none, so a name stands in its place. */
export function readLocalConfig(sheet: string): Config {
  const environment = { ...process.env };
  if (sheet !== 'google') environment.GOOGLE_SHEETS_SPREADSHEET_ID = 'a-csv-file-is-read';
  return readConfig(environment);
}

const terminalLog: Log = {
  debug: (message, fields) =>
    process.env.LOG_LEVEL === 'DEBUG' ? tell(`${message} ${JSON.stringify(fields)}`) : undefined,
  info: () => undefined,
  warn: (message, fields) => tell(`${message} ${JSON.stringify(fields)}`),
  error: (message, fields) => tell(`${message} ${JSON.stringify(fields)}`),
};

/** The file is read at every check, so that a repaired key counts at once. */
const secretFromFile: SecretReader = {
  async read() {
    const secret = await readSecretFile(secretsFile);
    if (secret !== undefined) return secret;
    throw new SecretError(`there is no ${secretsFile}; copy src/local/examples/secrets.example.json and fill it in`);
  },
  forget: () => undefined,
};

/** The Lambda's program with a CSV file for the sheet, files for the table, and the terminal for phones without keys. */
export async function createLaptopApp(
  config: Config,
  laptop: Laptop,
  sheet: string,
  showPush: (text: string) => void,
): Promise<App> {
  const hasKeys = (await readSecretFile(secretsFile)) !== undefined;
  return createApp(config, {
    store: laptop.store,
    log: terminalLog,
    metrics: () => undefined,
    secret: secretFromFile,
    ...(sheet === 'google' ? {} : { sheet: createCsvSheet(sheet) }),
    ...(hasKeys ? {} : { phone: createTerminalPhone(showPush) }),
  });
}
