import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tableDefinition } from '../../src/adapters/dynamodb/table.js';
import { findingsOf, isAllRight, type Section, shownSections } from '../../src/local/doctor/findings.js';
import type { DoctorOptions, Outside } from '../../src/local/doctor/surroundings.js';
import { type Clinic, openClinic, soundRows } from '../support/doctor.js';
import { leaked } from '../support/fake-secret.js';

let clinic: Clinic;
/** Everything that any doctor of this file said, and what it must not have said. */
const said: { text: string; secrets: string[] }[] = [];
const program = join(process.cwd(), 'dist', 'trading-alerts.mjs');

beforeEach(async () => {
  clinic = await openClinic();
});
afterEach(() => clinic.close());

async function examine(options?: Partial<DoctorOptions>, outside?: Partial<Outside>): Promise<Section[]> {
  const sections = await clinic.examine(options, outside);
  said.push({ text: `${shownSections(sections)}\n${JSON.stringify(sections)}`, secrets: clinic.secrets() });
  return sections;
}

const email = 'reader@simulated-project.iam.gserviceaccount.com';

/** `check: detail → remedy`, and the names of the checks that were skipped. */
function complaints(sections: readonly Section[]): { wrong: string[]; skipped: string[] } {
  const all = findingsOf(sections);
  return {
    wrong: all.flatMap(({ check, status, detail, remedy }) =>
      status === 'wrong' ? [`${check}: ${detail} → ${remedy}`] : [],
    ),
    skipped: all.flatMap(({ check, status, detail }) => (status === 'skipped' ? [`${check}: ${detail}`] : [])),
  };
}

const refusal = (name: string) => () => ({
  then: { status: 400, body: { __type: name, message: 'The security token included in the request is not right' } },
});

const storeSecret = (change: object): void => {
  clinic.simulators.secrets.set('trading-alerts', JSON.stringify({ ...clinic.simulators.secret, ...change }));
};

const closedPort = 'http://127.0.0.1:1';
const noSheet = ['sheet', 'tab'].map((stage) => `${stage}: the sheet could not be read so far`);
const noRows = ['header', 'rows'].map((check) => `${check}: the sheet could not be read`);
const noUsers = ['default', 'dmitry'].map(
  (user) => `pushover user ${user}: keys can only be looked up with a valid token`,
);
const noSecret = (reason: string) => [`sheet: ${reason}`, `pushover: ${reason}`];
const noIndex = 'index: the table could not be looked at';

interface Broken {
  readonly name: string;
  readonly break?: () => void | Promise<void>;
  readonly options?: Partial<DoctorOptions>;
  readonly outside?: Partial<Outside>;
  readonly wrong: readonly string[];
  readonly skipped?: readonly string[];
}

const machine: readonly Broken[] = [
  {
    name: 'an old Node',
    outside: { nodeVersion: 'v18.20.1' },
    wrong: ['node: this is Node v18.20.1, expected 20 or later → install Node 24'],
  },
  {
    name: 'a clock that is ahead',
    outside: { now: () => Date.now() + 600_500 },
    wrong: [
      expect.stringMatching(
        /^clock: this machine's clock is (599|60[01]) s ahead of the services' → set it, or switch on its synchronization$/,
      ),
    ] as string[],
  },
  {
    name: 'a clock that is behind',
    outside: { now: () => Date.now() - 61_000 },
    wrong: [expect.stringMatching(/^clock: this machine's clock is 6\d s behind the services' → /)] as string[],
  },
  {
    name: 'no spreadsheet named',
    break: () => {
      clinic.environment.GOOGLE_SHEETS_SPREADSHEET_ID = '';
    },
    wrong: [
      'GOOGLE_SHEETS_SPREADSHEET_ID: is not set; expected the part of the sheet’s address between /d/ and /edit → set GOOGLE_SHEETS_SPREADSHEET_ID',
    ],
    skipped: ['sheet: GOOGLE_SHEETS_SPREADSHEET_ID is not right'],
  },
  {
    name: 'several wrong variables, and what needs them is left alone',
    break: () => {
      Object.assign(clinic.environment, {
        CHECK_CONCURRENCY: 'many',
        PUSHOVER_BASE_URL: 'api.pushover.net',
        BYBIT_BASE_URL: 'bybit',
        DYNAMODB_TABLE_NAME: '!',
      });
    },
    wrong: [
      'DYNAMODB_TABLE_NAME: expected 3 to 255 letters, digits, points, dashes or underscores, got "!" → correct DYNAMODB_TABLE_NAME, or unset it where it has a default',
      'CHECK_CONCURRENCY: expected a whole number from 1 to 100, got "many" → correct CHECK_CONCURRENCY, or unset it where it has a default',
      ...['PUSHOVER_BASE_URL: %, got "api.pushover.net"', 'BYBIT_BASE_URL: %, got "bybit"'].map((problem) => {
        const expected =
          'expected an address such as https://host or http://127.0.0.1:8080, without user, query or fragment';
        const [name] = problem.split(':');
        return `${problem.replace('%', expected)} → correct ${name}, or unset it where it has a default`;
      }),
    ],
    skipped: [
      'table: DYNAMODB_TABLE_NAME is not right',
      'bybit: BYBIT_BASE_URL is not right',
      'pushover: PUSHOVER_BASE_URL is not right',
    ],
  },
];

const aws: readonly Broken[] = [
  {
    name: 'no region',
    break: () => {
      clinic.environment.AWS_REGION = undefined;
    },
    wrong: ['region: is not set → set AWS_REGION or give --region, as samconfig.toml has it'],
    skipped: ['credentials', 'secret', 'table', 'sheet', 'pushover'].map(
      (check) => `${check}: without a region it is not clear where to ask`,
    ),
  },
  {
    name: 'a region that is none',
    options: { region: 'Frankfurt' },
    wrong: [
      'region: expected an AWS region such as eu-central-1, got "Frankfurt" → set AWS_REGION or give --region, as samconfig.toml has it',
    ],
    skipped: ['credentials', 'secret', 'table', 'sheet', 'pushover'].map(
      (check) => `${check}: without a region it is not clear where to ask`,
    ),
  },
  {
    name: 'a region of the United States, and everything else is judged all the same',
    break: () => {
      clinic.environment.AWS_REGION = 'us-east-1';
    },
    wrong: [
      'region: us-east-1 is in the United States, and exchanges refuse addresses from there → use a region such as eu-central-1 or ap-northeast-1',
    ],
  },
  {
    name: 'no credentials',
    break: () => {
      clinic.environment.AWS_ACCESS_KEY_ID = undefined;
      clinic.environment.AWS_SECRET_ACCESS_KEY = undefined;
    },
    wrong: [
      'credentials: the AWS SDK finds none: no variables, no profile, no role → sign in (aws configure, or aws sso login), and check AWS_PROFILE',
    ],
    skipped: ['secret', 'table', 'sheet', 'pushover'].map((check) => `${check}: there are no AWS credentials`),
  },
  {
    name: 'expired credentials',
    break: () => {
      clinic.simulators.traffic.secretsManager.fault = refusal('ExpiredTokenException');
    },
    wrong: ['credentials: the sign-in has expired → sign in again: aws sso login'],
    skipped: ['secret: AWS does not accept the credentials', ...noSecret('the secret cannot be read')],
  },
  {
    name: 'credentials that AWS does not know',
    break: () => {
      clinic.simulators.traffic.secretsManager.fault = refusal('UnrecognizedClientException');
    },
    wrong: [
      'credentials: AWS does not accept them: the key is unknown or disabled, or the secret key is not its own → sign in (aws configure, or aws sso login), and check AWS_PROFILE; aws sts get-caller-identity tells whose they are',
    ],
    skipped: ['secret: AWS does not accept the credentials', ...noSecret('the secret cannot be read')],
  },
  {
    name: 'credentials that may not read the secret',
    break: () => {
      clinic.simulators.traffic.secretsManager.fault = refusal('AccessDeniedException');
    },
    wrong: [
      'secret: AWS does not let this program read the secret "trading-alerts" → allow secretsmanager:GetSecretValue on it, and kms:Decrypt where it has a key of its own',
    ],
    skipped: noSecret('the secret cannot be read'),
  },
  {
    name: 'AWS out of reach',
    break: () => {
      clinic.environment.AWS_ENDPOINT_URL_SECRETS_MANAGER = closedPort;
      clinic.environment.AWS_ENDPOINT_URL_DYNAMODB = closedPort;
    },
    wrong: [
      'secret: Secrets Manager did not give the secret "trading-alerts" (ECONNREFUSED) → where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER',
      'table: DynamoDB did not answer → check the network, the region and AWS_ENDPOINT_URL_DYNAMODB',
    ],
    skipped: [
      'credentials: there are some, but AWS did not say whether it accepts them',
      noIndex,
      ...noSecret('the secret cannot be read'),
    ],
  },
  {
    name: 'Secrets Manager that hangs',
    break: () => {
      clinic.simulators.traffic.secretsManager.fault = () => ({ then: 'hang' });
    },
    outside: { timeoutMs: 300 },
    wrong: [
      'secret: Secrets Manager did not answer in time for the secret "trading-alerts" → where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER',
    ],
    skipped: noSecret('the secret cannot be read'),
  },
];

const secret: readonly Broken[] = [
  {
    name: 'no such secret',
    options: { secret: 'other' },
    wrong: [
      'secret: there is no secret "other" with a value in this account and region → make it with trading-alerts secret, or give its name with --secret and its region with --region',
    ],
    skipped: noSecret('the secret cannot be read'),
  },
  {
    name: 'a secret that is no JSON',
    break: () => {
      clinic.simulators.secrets.set('trading-alerts', clinic.simulators.secret.pushover_api_token);
    },
    wrong: [
      expect.stringMatching(
        /^secret: "trading-alerts" is not JSON.* → a line break within the private_key is written \\n$/,
      ),
    ] as string[],
    skipped: noSecret('the secret cannot be read'),
  },
  {
    name: 'a secret with wrong fields',
    break: () => {
      const key = clinic.simulators.secret.pushover_users.default;
      storeSecret({ pushover_api_token: `${key}x`, pushover_users: { anna: key?.slice(1), [key ?? '']: key } });
    },
    wrong: [
      [
        'secret: it is not well formed → pushover_api_token: expected the API token of your Pushover application, 30 letters and digits, got 31 characters',
        'pushover_users.anna: expected a Pushover user key, 30 letters and digits, got 29 characters',
        'pushover_users: expected a short name, without spaces around it, before each key, got what looks like a key',
        'trading-alerts secret makes a right one',
      ].join('\n'),
    ],
    skipped: noSecret('the secret cannot be read'),
  },
  {
    name: 'a secret without users',
    break: () => storeSecret({ pushover_users: {} }),
    wrong: [
      'users: nobody has a key → add keys under pushover_users; trading-alerts secret makes a right one',
      expect.stringMatching(/^rows: 0 good, 2 wrong → row 2: user_id: no Pushover key for "dmitry"/),
    ] as string[],
  },
  {
    name: 'a secret without a service account',
    break: () => storeSecret({ google_service_account: undefined }),
    wrong: [
      "google: google_service_account is missing in the secret → add the client_email and private_key of the service account's key file",
    ],
    skipped: [...noSheet, ...noRows],
  },
];

const sheet: readonly Broken[] = [
  {
    name: 'a private key that is none',
    break: () => storeSecret({ google_service_account: { client_email: email, private_key: 'fake' } }),
    wrong: [
      'google: google_service_account.private_key in the secret is no RSA key: expected the whole private_key of the key file, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY----- → make a new key for the service account, and a new secret from its file with trading-alerts secret',
    ],
    skipped: [...noSheet, ...noRows],
  },
  {
    name: 'a private key that Google does not know',
    break: () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
      storeSecret({ google_service_account: { client_email: email, private_key: pem } });
    },
    wrong: [
      `google: Google gives no access token for ${email} (HTTP 400): the key was deleted, disabled or belongs to another account → make a new key for the service account and put its client_email and private_key into the secret`,
    ],
    skipped: [...noSheet, ...noRows],
  },
  {
    name: 'the Sheets API switched off',
    break: () => {
      clinic.simulators.google.access = 'api-disabled';
    },
    wrong: [
      `google: the Google Sheets API is not enabled in the project of ${email} → enable it in that project's API library in the Google Cloud console and wait a few minutes`,
    ],
    skipped: [...noSheet, ...noRows],
  },
  {
    name: "Google's quota used up",
    break: () => {
      clinic.simulators.google.access = 'quota-exceeded';
    },
    outside: { timeoutMs: 100 },
    wrong: [
      "google: Google's limit of 60 reads a minute for one service account is used up → try again in a minute; where that stays so, check the network",
    ],
    skipped: [...noSheet, ...noRows],
  },
  {
    name: 'Google out of reach',
    break: () => {
      clinic.simulators.traffic.google.fault = () => ({ then: 'hang' });
    },
    outside: { timeoutMs: 200 },
    wrong: [
      "google: Google's token service did not answer (no answer within 200 ms) → try again in a minute; where that stays so, check the network",
    ],
    skipped: [...noSheet, ...noRows],
  },
  {
    name: 'another spreadsheet',
    break: () => {
      clinic.environment.GOOGLE_SHEETS_SPREADSHEET_ID = 'no-such-spreadsheet';
    },
    wrong: [
      "sheet: there is no such spreadsheet → set GOOGLE_SHEETS_SPREADSHEET_ID to the part of the sheet's address between /d/ and /edit",
    ],
    skipped: ['tab: the sheet could not be read so far', ...noRows],
  },
  {
    name: 'a sheet that is not shared',
    break: () => {
      clinic.simulators.google.access = 'not-shared';
    },
    wrong: [`sheet: the sheet is not shared → share the sheet with ${email} as Viewer`],
    skipped: ['tab: the sheet could not be read so far', ...noRows],
  },
  {
    name: 'a tab of another name',
    break: () => {
      clinic.environment.SHEET_TAB = 'Sheet1';
    },
    wrong: [
      'tab: the spreadsheet has no tab "Sheet1" → set SHEET_TAB to the name of the tab with the alerts, or rename the tab',
    ],
    skipped: noRows,
  },
  {
    name: 'a header without the price',
    break: () => {
      clinic.simulators.google.tabs.set('Alerts', [
        ['symbol', 'condition'],
        ['BTCUSDT', 'above'],
      ]);
    },
    wrong: [
      'header: the first row must name the columns symbol, condition and price; price is missing (the first row holds: symbol, condition) → write the columns symbol, condition, price, and as you like user_id, exchange, active, name, notes, id',
    ],
    skipped: ['rows: the header is not right'],
  },
  {
    name: 'wrong rows, one of a user without a key and one with a key in place of a name',
    break: () => {
      const key = clinic.simulators.secret.pushover_users.dmitry;
      const rows = [
        ...soundRows,
        ['BTCUSDT', 'above', '95,000', ''],
        ['BTCUSDT', 'above', 1, 'boris'],
        ['A', '>', 1, key],
      ];
      clinic.simulators.google.tabs.set(
        'Alerts',
        rows.map((cells) => [...cells]),
      );
    },
    wrong: [
      [
        'rows: 2 good, 3 wrong → row 4: price: expected a plain number, got "95,000"; write 95000 or 95.000',
        'row 5: user_id: no Pushover key for "boris"; the secret has keys for default, dmitry. Write one of them, or add the key under pushover_users',
        'row 6: user_id: no Pushover key for "…"; the secret has keys for default, dmitry. Write one of them, or add the key under pushover_users',
      ].join('\n'),
    ],
  },
];

const keyed = (name: string) => tableDefinition(name);

const table: readonly Broken[] = [
  {
    name: 'no table',
    options: { table: 'other' },
    wrong: [
      'table: there is no table "other" in this account and region → deploy the stack; the stack\'s output TableName names it; give it with --table or DYNAMODB_TABLE_NAME',
    ],
    skipped: [noIndex],
  },
  {
    name: "another program's table",
    break: () =>
      clinic.makeTable({
        ...keyed('foreign'),
        AttributeDefinitions: [
          { AttributeName: 'user', AttributeType: 'N' },
          { AttributeName: 'entity_type', AttributeType: 'S' },
          { AttributeName: 'id', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'user', KeyType: 'HASH' }],
      }),
    options: { table: 'foreign' },
    wrong: [
      'table: "foreign" has the key user (HASH, N), expected id (HASH, S): it is another program\'s → the stack\'s output TableName names it; give it with --table or DYNAMODB_TABLE_NAME',
    ],
  },
  {
    name: 'a table without the index',
    break: () =>
      clinic.makeTable({
        TableName: 'bare',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: undefined,
      }),
    options: { table: 'bare' },
    wrong: ['index: entity_type-index is missing → deploy the stack again, and let it make a table of its own'],
  },
  {
    name: 'an index with another key',
    break: () => {
      const [index] = keyed('wrong-index').GlobalSecondaryIndexes;
      return clinic.makeTable({
        ...keyed('wrong-index'),
        GlobalSecondaryIndexes: [{ ...index, KeySchema: [{ AttributeName: 'entity_type', KeyType: 'HASH' }] }],
      });
    },
    options: { table: 'wrong-index' },
    wrong: [
      'index: entity_type-index has the key entity_type (HASH, S), expected entity_type (HASH, S) and id (RANGE, S) → deploy the stack again, and let it make a table of its own',
    ],
  },
  {
    name: 'an index that holds only keys',
    break: () => {
      const [index] = keyed('keys-only').GlobalSecondaryIndexes;
      return clinic.makeTable({
        ...keyed('keys-only'),
        GlobalSecondaryIndexes: [{ ...index, Projection: { ProjectionType: 'KEYS_ONLY' } }],
      });
    },
    options: { table: 'keys-only' },
    wrong: [
      'index: entity_type-index holds KEYS_ONLY of an item, expected ALL → deploy the stack again, and let it make a table of its own',
    ],
  },
];

const countryPage = '<html>The service is configured to block access from your country.</html>';

const exchanges: readonly Broken[] = [
  {
    name: 'a place that exchanges refuse',
    break: () => {
      const { binance, bybit } = clinic.simulators.traffic;
      binance.fault = () => ({
        then: { status: 451, body: { code: 0, msg: 'Service unavailable from a restricted location' } },
      });
      bybit.fault = () => ({ then: { status: 403, body: countryPage } });
    },
    wrong: [
      'binance: refuses addresses of this place (HTTP 451) → run from another country or AWS region; meanwhile the other exchanges stand in',
      'bybit: refuses addresses of this place (HTTP 403) → run from another country or AWS region; meanwhile the other exchanges stand in',
    ],
  },
  {
    name: 'exchanges that had too many requests',
    break: () => {
      const { binance, bybit } = clinic.simulators.traffic;
      binance.fault = () => ({ then: { status: 429, body: {}, headers: { 'retry-after': '17' } } });
      bybit.fault = () => ({ then: { status: 200, body: { retCode: 10006, retMsg: 'Too many visits!' } } });
    },
    wrong: [
      'binance: has had too many requests from this address → wait 17 s, then check less often',
      'bybit: has had too many requests from this address → wait some minutes, then check less often',
    ],
  },
  {
    name: 'an exchange that hangs, one that breaks off, and a page in the place of one',
    break: () => {
      const { binance, bybit, coinbase, coinbaseExchange } = clinic.simulators.traffic;
      binance.fault = () => ({ then: 'hang' });
      bybit.fault = () => ({ then: 'reset' });
      coinbase.fault = () => ({ then: { status: 200, body: '<html>Sign in to the network</html>' } });
      coinbaseExchange.fault = coinbase.fault;
    },
    outside: { timeoutMs: 200 },
    wrong: [
      'binance: gives no prices now: no answer within 200 ms → try again in a minute; where that stays so, check the network and BINANCE_BASE_URL',
      'bybit: gives no prices now: the connection failed (ECONNRESET) → try again in a minute; where that stays so, check the network and BYBIT_BASE_URL',
      "coinbase: expected a product's ticker, got an HTML page with HTTP 200 → check COINBASE_BASE_URL and COINBASE_EXCHANGE_BASE_URL, and whether a proxy answers in its place",
    ],
  },
  {
    name: 'exchanges without the market that every exchange has',
    break: () => {
      clinic.simulators.market.listings.binance.delete('BTCUSDT');
      clinic.simulators.market.list('binance', 'ETHUSDT', { price: '3000' });
      clinic.simulators.market.list('bybit', 'BTCUSDT', {});
    },
    wrong: [
      'binance: answers, but does not list BTC-USDT → check BINANCE_BASE_URL, and whether a proxy answers in its place',
      'bybit: answers, but without a price of BTC-USDT: expected a plain decimal, got "" → check BYBIT_BASE_URL, and whether a proxy answers in its place',
    ],
  },
];

const pushover: readonly Broken[] = [
  {
    name: 'a token that Pushover does not know',
    break: () => {
      clinic.simulators.pushover.token = 'another';
    },
    wrong: [
      'pushover token: Pushover refuses the application (application token is invalid) → correct pushover_api_token in the secret',
    ],
    skipped: ['pushover quota: the application could not be looked up', ...noUsers],
  },
  {
    name: 'a key that Pushover does not know',
    break: () => {
      clinic.simulators.pushover.users.delete(clinic.simulators.secret.pushover_users.dmitry ?? '');
    },
    wrong: [
      'pushover user dmitry: Pushover refuses the key of "dmitry" (user identifier is not a valid user, group, or subscribed user key, see https://pushover.net/api#identifiers) → correct it under pushover_users in the secret',
    ],
  },
  {
    name: 'a user without a device',
    break: () => {
      const key = clinic.simulators.secret.pushover_users.dmitry ?? '';
      clinic.simulators.traffic.pushover.fault = ({ path, body }) =>
        path.includes('validate') && body.includes(key)
          ? { then: { status: 200, body: { status: 1, group: 0, devices: [], licenses: [] } } }
          : undefined;
    },
    wrong: [
      'pushover user dmitry: the key is valid, but no device is registered → install the Pushover app there and sign in',
    ],
  },
  {
    name: 'a quota that is used up',
    break: () => {
      clinic.simulators.pushover.remaining = 0;
      clinic.simulators.pushover.resetsAt = Date.UTC(2026, 11, 1) / 1000;
    },
    wrong: [
      "pushover quota: 0 of 10000 messages left until 2026-12-01 00:00:00 UTC → buy messages for the application at pushover.net, or wait for the month's reset",
    ],
  },
  {
    name: 'a quota that is refused',
    break: () => {
      clinic.simulators.traffic.pushover.fault = ({ path }) =>
        path.includes('limits')
          ? { then: { status: 429, body: { token: 'invalid', status: 0, errors: [] } } }
          : undefined;
    },
    wrong: [
      "pushover quota: the month's messages are used up → buy messages for the application at pushover.net, or wait for the month's reset",
    ],
  },
  {
    name: 'Pushover out of order',
    break: () => {
      clinic.simulators.traffic.pushover.fault = () => ({ then: { status: 500, body: 'oops' } });
    },
    wrong: [
      'pushover token: Pushover is out of order (HTTP 500) → try again in a minute; where that stays so, check the network and PUSHOVER_BASE_URL',
    ],
    skipped: ['pushover quota: the application could not be looked up', ...noUsers],
  },
  {
    name: 'Pushover out of reach',
    break: () => {
      clinic.simulators.traffic.pushover.fault = () => ({ then: 'hang' });
    },
    outside: { timeoutMs: 200 },
    wrong: [
      'pushover token: Pushover did not answer (no answer within 200 ms) → try again in a minute; where that stays so, check the network and PUSHOVER_BASE_URL',
    ],
    skipped: ['pushover quota: the application could not be looked up', ...noUsers],
  },
  {
    name: "another service under Pushover's address",
    break: () => {
      clinic.simulators.traffic.pushover.fault = () => ({ then: { status: 200, body: '<html>Welcome</html>' } });
    },
    wrong: [
      "pushover token: HTTP 200 in place of Pushover's answer → check PUSHOVER_BASE_URL, and whether a proxy or firewall is in between",
    ],
    skipped: ['pushover quota: the application could not be looked up', ...noUsers],
  },
];

const laptop: readonly Broken[] = [
  {
    name: 'a laptop without the CSV file',
    options: { sheet: 'other.csv' },
    wrong: [
      expect.stringMatching(
        /^sheet: there is no file .*other\.csv → name a CSV file with the columns symbol, condition and price with --sheet$/,
      ),
    ] as string[],
    skipped: noRows,
  },
  {
    name: 'a laptop with a wrong row in the CSV file, for a user without a key',
    break: () => clinic.write('alerts.csv', 'symbol,condition,price,user_id\nBTCUSDT,above,1,boris\n'),
    options: { sheet: 'alerts.csv' },
    wrong: [
      'rows: 0 good, 1 wrong → row 2: user_id: no Pushover key for "boris"; the secret has keys for default, dmitry. Write one of them, or add the key under pushover_users',
    ],
  },
  {
    name: 'a laptop whose secrets.json is broken, and the rows are read all the same',
    break: () => clinic.write('secrets.json', '{"pushover_api_token": "short", "pushover_users": {}}'),
    options: { sheet: 'alerts.csv' },
    wrong: [
      'secret: it is not well formed → pushover_api_token: expected the API token of your Pushover application, 30 letters and digits, got 5 characters\ntrading-alerts secret makes a right one',
    ],
    skipped: ['pushover: the secret cannot be read'],
  },
  {
    name: 'a laptop that reads the Google sheet without secrets.json',
    break: () => rm(join(clinic.folder, 'secrets.json')),
    options: { sheet: 'google' },
    wrong: [
      expect.stringMatching(
        /^secret: there is no .*secrets\.json → trading-alerts secret --out .*secrets\.json makes it$/,
      ),
    ] as string[],
    skipped: [
      expect.stringMatching(/^sheet: there is no .*secrets\.json$/),
      expect.stringMatching(/^pushover: there is no .*secrets\.json$/),
    ] as string[],
  },
];

const all = [...machine, ...aws, ...secret, ...sheet, ...table, ...exchanges, ...pushover, ...laptop];

describe('broken', () => {
  test.each(all)('$name', async ({ break: spoil, options, outside, wrong, skipped = [] }) => {
    await spoil?.();
    const sections = await examine(options, outside);
    expect(complaints(sections)).toEqual({ wrong, skipped });
    expect(isAllRight(sections)).toBe(false);
  });
});

describe('sound', () => {
  test('the surroundings of the Lambda', async () => {
    clinic.simulators.pushover.resetsAt = Date.UTC(2026, 11, 1) / 1000;
    const sections = await examine();
    const shown = shownSections(sections).replace(/COINBASE_BASE_URL.*PUSHOVER_BASE_URL/, '…');
    expect(shown).toBe(`This machine
  ✓ node                   Node v24.1.0, the Lambda's
  ✓ clock                  within half a minute of the services'
  ✓ environment            every variable is right; not the services' own addresses: AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SECRETS_MANAGER, BINANCE_BASE_URL, BYBIT_BASE_URL, …

AWS
  ✓ region                 eu-central-1, from AWS_REGION
  ✓ credentials            there are some, and AWS accepts them

Secret
  ✓ secret                 "trading-alerts" is well formed, with a service account
  ✓ users                  default, dmitry

Table
  ✓ table                  "trading-alerts" is there, with its key
  ✓ index                  entity_type-index is there, whole

Sheet
  ✓ google                 accepts ${email}
  ✓ sheet                  there, and shared with ${email}
  ✓ tab                    "Alerts" is there
  ✓ header                 symbol, condition and price are there
  ✓ rows                   2 good, none wrong

Exchanges
  ✓ binance                answers (asked from this machine, not from eu-central-1)
  ✓ bybit                  answers (asked from this machine, not from eu-central-1)
  ✓ coinbase               answers (asked from this machine, not from eu-central-1)

Pushover
  ✓ pushover token         Pushover knows the application
  ✓ pushover quota         10000 of 10000 messages left until 2026-12-01 00:00:00 UTC
  ✓ pushover user default  the key is valid, 1 device
  ✓ pushover user dmitry   the key is valid, 1 device

22 right, 0 wrong, 0 skipped`);
    expect(isAllRight(sections)).toBe(true);
  });

  test('nothing is written, nothing is pushed, and Pushover has at most two requests at once', async () => {
    await examine();
    const { pushover, traffic } = clinic.simulators;
    expect(pushover.received).toEqual([]);
    expect(traffic.pushover.requestsAtOnce.most).toBeLessThanOrEqual(2);
    expect(traffic.secretsManager.requests).toHaveLength(1);
    expect(traffic.binance.requests).toHaveLength(1);
  });

  test('before the deploy the table may be missing', async () => {
    const sections = await examine({ beforeDeploy: true, table: 'not-yet' });
    expect(complaints(sections)).toEqual({
      wrong: [],
      skipped: ['table: not there yet: the deploy makes it', noIndex],
    });
    expect(isAllRight(sections)).toBe(true);
  });

  test('a laptop without secrets.json, which shows its pushes in the terminal', async () => {
    await rm(join(clinic.folder, 'secrets.json'));
    await clinic.write('alerts.csv', 'symbol,condition,price,user_id\nBTCUSDT,above,1,anyone\n');
    const sections = await examine({ sheet: 'alerts.csv' });
    expect(sections.map(({ title }) => title)).toEqual(['This machine', 'Secret', 'Sheet', 'Exchanges', 'Pushover']);
    expect(complaints(sections)).toEqual({
      wrong: [],
      skipped: [
        expect.stringMatching(/^secret: there is no .*secrets\.json: pushes are shown in the terminal$/),
        expect.stringMatching(/^pushover: there is no .*secrets\.json$/),
      ],
    });
    expect(isAllRight(sections)).toBe(true);
  });

  test('a laptop that reads the Google sheet needs no AWS', async () => {
    clinic.environment.AWS_REGION = 'us-east-1';
    const sections = await examine({ sheet: 'google' });
    expect(complaints(sections)).toEqual({ wrong: [], skipped: [] });
    expect(clinic.simulators.traffic.secretsManager.requests).toEqual([]);
  });

  test.each<{ name: string; change: () => void; warning: object; options?: Partial<DoctorOptions> }>([
    {
      name: 'few messages are left',
      change: () => {
        Object.assign(clinic.simulators.pushover, { remaining: 999, resetsAt: Date.UTC(2026, 11, 1) / 1000 });
      },
      warning: {
        check: 'pushover quota',
        status: 'ok',
        detail: '999 of 10000 messages left until 2026-12-01 00:00:00 UTC',
        remedy: "few are left: buy messages for the application at pushover.net, or wait for the month's reset",
      },
    },
    {
      name: 'nobody is called default',
      change: () => {
        const { dmitry } = clinic.simulators.secret.pushover_users;
        storeSecret({ pushover_users: { dmitry } });
        clinic.simulators.google.tabs.set('Alerts', [[...(soundRows[0] ?? [])]]);
      },
      warning: {
        check: 'users',
        status: 'ok',
        detail: 'dmitry',
        remedy: 'rows with a blank user_id are for "default", who has no key: name the user in every row, or add one',
      },
    },
    {
      name: 'the sheet has a column of keys',
      change: () => {
        clinic.simulators.google.tabs.set('Alerts', [['symbol', 'condition', 'price', 'pushover_user_key']]);
      },
      warning: {
        check: 'header',
        status: 'ok',
        detail: 'symbol, condition and price are there',
        remedy:
          'the column "pushover_user_key" is not read: keys belong in the secret, under pushover_users. Delete the column and name the user in "user_id"',
      },
    },
    {
      name: 'the key of a group',
      change: () => {
        clinic.simulators.traffic.pushover.fault = ({ path, body }) =>
          path.includes('validate') && body.includes('dmitry')
            ? { then: { status: 200, body: { status: 1, group: 1, devices: [], licenses: [] } } }
            : undefined;
      },
      warning: {
        check: 'pushover user dmitry',
        status: 'ok',
        detail: "the key of a group; its members' devices get the pushes",
      },
    },
  ])('$name', async ({ change, warning }) => {
    change();
    const sections = await examine();
    expect(findingsOf(sections)).toContainEqual(warning);
    expect(complaints(sections)).toEqual({ wrong: [], skipped: [] });
  });

  test.each([
    ['AWS_DEFAULT_REGION', { AWS_REGION: undefined, AWS_DEFAULT_REGION: 'ap-northeast-1' }, {}],
    ['--region', { AWS_REGION: 'us-east-1' }, { region: 'ap-northeast-1' }],
  ])('the region can come from %s', async (source, environment, options) => {
    Object.assign(clinic.environment, environment);
    expect(findingsOf(await examine(options))).toContainEqual({
      check: 'region',
      status: 'ok',
      detail: `ap-northeast-1, from ${source}`,
    });
  });
});

describe('the command', () => {
  function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = Object.fromEntries(Object.entries(clinic.environment).filter(([, value]) => value !== undefined));
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [program, 'doctor', ...words],
        { cwd: clinic.folder, env: { PATH: process.env.PATH, ...env } },
        (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      );
    });
  }

  test('exits with 0 where everything is right, and counts', async () => {
    const ended = await run();
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^This machine\n {2}✓ node .*\n\n15 right, 0 wrong, 0 skipped\n$/s);
  });

  test('exits with 1 where something is wrong, and --json is a list for programs', async () => {
    const ended = await run('--table', 'other', '--json');
    expect(ended.code).toBe(1);
    const findings = JSON.parse(ended.stdout) as object[];
    expect(findings).toHaveLength(22);
    expect(findings).toContainEqual({
      check: 'table',
      status: 'wrong',
      detail: 'there is no table "other" in this account and region',
      remedy: "deploy the stack; the stack's output TableName names it; give it with --table or DYNAMODB_TABLE_NAME",
    });
  });

  test('a CSV file and --aws exclude each other', async () => {
    const ended = await run('--aws', '--sheet', 'alerts.csv');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("option '--aws' cannot be used with option '--sheet <file|google>'");
  });
});

// Last, so that everything above has been said.
afterAll(() => {
  expect(said.length).toBeGreaterThan(all.length);
  expect(said.flatMap(({ text, secrets }) => leaked(text, secrets))).toEqual([]);
});
