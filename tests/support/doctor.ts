import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import { ensureTable, tableDefinition } from '../../src/adapters/dynamodb/table.js';
import { examine } from '../../src/cli/doctor/doctor.js';
import type { Section } from '../../src/cli/doctor/findings.js';
import type { DoctorOptions, Outside } from '../../src/cli/doctor/surroundings.js';
import { startEmbeddedDynamoDb } from '../../src/cli/embedded-dynamodb.js';
import type { Cell } from '../../src/domain/columns.js';
import { type Simulators, startSimulators } from '../../src/simulators/start.js';
import { anyAccess } from './dynamodb.js';
import { listEverywhere } from './every-exchange.js';

/** Sound surroundings on loopback, for a test to break one thing of. */
export interface Clinic {
  readonly simulators: Simulators;
  /** The environment, of this process too: the AWS SDK reads it there. */
  readonly environment: Record<string, string | undefined>;
  /** Where `alerts.csv` and `secrets.json` are. */
  readonly folder: string;
  makeTable(definition: CreateTableCommandInput): Promise<void>;
  /** With --aws, unless a sheet is named; a relative file is one of the folder. */
  examine(options?: Partial<DoctorOptions>, outside?: Partial<Outside>): Promise<Section[]>;
  /** Everything that must not be shown. */
  secrets(): string[];
  write(file: string, text: string): Promise<void>;
  /** As it was in the beginning. Tables stay. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

export const soundRows: readonly (readonly Cell[])[] = [
  ['symbol', 'condition', 'price', 'user_id'],
  ['BTCUSDT', 'above', 95000, 'dmitry'],
  ['ETH-USD', 'below', 2500, ''],
];

/** No address of AWS itself, no file of this user, no address of a cloud machine. */
const noAccountOfThisMachine = {
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PROFILE: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
  AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
};

export const fakeAwsKey = 'fakeAwsSecretAccessKey/0123456789abcdefg';

/** `process.env` turns undefined into text. */
export function setEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

function healServices({ market, traffic, pushover, google, secrets, secret }: Simulators): void {
  listEverywhere(market, 'BTC-USDT', '94000.25');
  for (const each of Object.values(traffic)) {
    each.requests.length = 0;
    each.fault = () => undefined;
  }
  Object.assign(pushover, { token: secret.pushover_api_token, remaining: pushover.limit });
  for (const key of Object.values(secret.pushover_users)) pushover.users.add(key);
  google.tabs.set(
    'Alerts',
    soundRows.map((cells) => [...cells]),
  );
  google.tabs.delete('Users');
  google.looks.clear();
  google.access = 'shared';
  google.tokens.clear();
  secrets.set('trading-alerts', JSON.stringify(secret));
}

export async function openClinic(): Promise<Clinic> {
  const simulators = await startSimulators({ now: Date.now, rows: soundRows });
  const database = await startEmbeddedDynamoDb();
  const folder = await mkdtemp(join(tmpdir(), 'trading-alerts-doctor-'));
  const client = createStoreClient({ endpoint: database.url, ...anyAccess });
  await ensureTable(client, 'trading-alerts');
  const sound = {
    ...noAccountOfThisMachine,
    ...simulators.environment,
    AWS_ENDPOINT_URL_DYNAMODB: database.url,
    AWS_SECRET_ACCESS_KEY: fakeAwsKey,
  };
  const environment: Record<string, string | undefined> = {};
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  const { pushover_api_token, pushover_users, google_service_account } = simulators.secret;
  return {
    simulators,
    environment,
    folder,
    write,
    makeTable: async (definition) => {
      await client.send(new CreateTableCommand({ ...tableDefinition('x'), ...definition }));
    },
    examine: ({ sheet, ...options } = {}, outside = {}) => {
      setEnvironment(environment);
      const where = sheet === undefined || sheet === 'google' ? (sheet ?? '') : join(folder, sheet);
      return examine(
        { ...(sheet === undefined && { aws: true as const }), sheet: where, ...options },
        {
          environment,
          nodeVersion: 'v24.1.0',
          secretsFile: join(folder, 'secrets.json'),
          now: Date.now,
          timeoutMs: 2_000,
          ...outside,
        },
      );
    },
    secrets: () => [
      pushover_api_token,
      ...Object.values(pushover_users),
      google_service_account.private_key,
      ...[...simulators.google.tokens.keys()].map((token) => token.replace(/^simulated-/, '')),
      fakeAwsKey,
    ],
    heal: async () => {
      for (const name of Object.keys(environment)) delete environment[name];
      Object.assign(environment, sound);
      healServices(simulators);
      await write('secrets.json', JSON.stringify(simulators.secret));
      await rm(join(folder, 'users.csv'), { force: true });
      await write('alerts.csv', soundRows.map((cells) => cells.join(',')).join('\n'));
    },
    close: async () => {
      client.destroy();
      await Promise.all([simulators.close(), database.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
