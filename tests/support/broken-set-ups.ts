import { generateKeyPairSync } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { tableDefinition } from '../../src/adapters/dynamodb/table.js';
import { channelNames } from '../../src/adapters/notifiers/registry.js';
import type { DoctorOptions, Outside } from '../../src/cli/doctor/surroundings.js';
import type { Cell } from '../../src/domain/columns.js';
import { optionalTitles } from '../../src/domain/fields/find-columns.js';
import type { Fault } from '../../src/simulators/faults.js';
import type { GoogleState } from '../../src/simulators/google/google.js';
import type { SimulatorName } from '../../src/simulators/start.js';
import { type Clinic, soundRows } from './doctor.js';

export const email = 'reader@simulated-project.iam.gserviceaccount.com';

type Outcome = NonNullable<Fault['outcome']>;

const refusal = (name: string): Outcome => ({
  status: 400,
  body: { __type: name, message: 'The security token included in the request is not right' },
});

export const storeSecret = (clinic: Clinic, change: object): void => {
  clinic.simulators.secrets.set('trading-alerts', JSON.stringify({ ...clinic.simulators.secret, ...change }));
};

/** Short for a test, long for a busy machine. */
const hangMs = 600;
const closedPort = 'http://127.0.0.1:1';
const noSheet = ['sheet', 'tab'].map((stage) => `${stage}: the sheet could not be read so far`);
const noRows = ['share', 'header', 'rows', 'users tab'].map((check) => `${check}: the sheet could not be read`);
const noUsers = ['default', 'dmitry'].map(
  (user) => `pushover user ${user}: keys can only be looked up with a valid token`,
);
const noSecret = (reason: string) => [`sheet: ${reason}`, `channels: ${reason}`];
export const noIndex = 'index: the table could not be looked at';

/** There need not be a tab of users. */
export const noUsersTab =
  'there is no tab "Users", and there need not be one: users are told on all their channels, in the owner\'s time zone, without quiet hours';

/** What is broken in otherwise sound surroundings, and every line that has to say so. */
export interface Broken {
  readonly name: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What each service does with every request. */
  readonly outcomes?: Partial<Record<SimulatorName, Outcome>>;
  /** Of the spreadsheet. */
  readonly access?: GoogleState['access'];
  readonly break?: (clinic: Clinic) => void | Promise<void>;
  readonly options?: Partial<DoctorOptions>;
  readonly outside?: Partial<Outside>;
  /** `check: detail → remedy`, or what matches it; one alone or several. */
  readonly wrong: string | readonly unknown[];
  /** `check: reason` */
  readonly skipped?: readonly unknown[];
}

const machine: readonly Broken[] = [
  {
    name: 'an old Node',
    outside: { nodeVersion: 'v18.20.1' },
    wrong: 'node: this is Node v18.20.1, expected 20 or later → install Node 24',
  },
  {
    name: 'a clock that is ahead',
    outside: { now: () => Date.now() + 600_500 },
    wrong: [
      expect.stringMatching(
        /^clock: this machine's clock is (599|60[01]) s ahead of the services' → set it, or switch on its synchronization$/,
      ),
    ],
  },
  {
    name: 'a clock that is behind',
    outside: { now: () => Date.now() - 61_000 },
    wrong: [expect.stringMatching(/^clock: this machine's clock is 6\d s behind the services' → /)],
  },
  {
    name: 'no spreadsheet named',
    environment: { GOOGLE_SHEETS_SPREADSHEET_ID: '' },
    wrong:
      'GOOGLE_SHEETS_SPREADSHEET_ID: is not set; expected the part of the sheet’s address between /d/ and /edit → set GOOGLE_SHEETS_SPREADSHEET_ID',
    skipped: ['sheet: GOOGLE_SHEETS_SPREADSHEET_ID is not right'],
  },
  {
    name: 'several wrong variables, and what needs them is left alone',
    environment: {
      CHECK_CONCURRENCY: 'many',
      PUSHOVER_BASE_URL: 'api.pushover.net',
      BYBIT_BASE_URL: 'bybit',
      DYNAMODB_TABLE_NAME: '!',
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
      'bybit perpetuals: BYBIT_BASE_URL is not right',
      'pushover: PUSHOVER_BASE_URL is not right',
    ],
  },
];

const aws: readonly Broken[] = [
  {
    name: 'no region',
    environment: { AWS_REGION: undefined },
    wrong: 'region: is not set → set AWS_REGION or give --region, as samconfig.toml has it',
    skipped: ['credentials', 'secret', 'table', 'sheet', 'channels'].map(
      (check) => `${check}: without a region it is not clear where to ask`,
    ),
  },
  {
    name: 'a region that is none',
    options: { region: 'Frankfurt' },
    wrong:
      'region: expected an AWS region such as eu-central-1, got "Frankfurt" → set AWS_REGION or give --region, as samconfig.toml has it',
    skipped: ['credentials', 'secret', 'table', 'sheet', 'channels'].map(
      (check) => `${check}: without a region it is not clear where to ask`,
    ),
  },
  {
    name: 'a region of the United States, and everything else is judged all the same',
    environment: { AWS_REGION: 'us-east-1' },
    wrong:
      'region: us-east-1 is in the United States, and exchanges refuse addresses from there → use a region such as eu-central-1 or ap-northeast-1',
  },
  {
    name: 'no credentials',
    environment: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
    wrong:
      'credentials: the AWS SDK finds none: no variables, no profile, no role → sign in (aws configure, or aws sso login), and check AWS_PROFILE',
    skipped: ['secret', 'table', 'sheet', 'channels'].map((check) => `${check}: there are no AWS credentials`),
  },
  {
    name: 'expired credentials',
    outcomes: { secretsManager: refusal('ExpiredTokenException') },
    wrong: 'credentials: the sign-in has expired → sign in again: aws sso login',
    skipped: ['secret: AWS does not accept the credentials', ...noSecret('the secret cannot be read')],
  },
  {
    name: 'credentials that AWS does not know',
    outcomes: { secretsManager: refusal('UnrecognizedClientException') },
    wrong:
      'credentials: AWS does not accept them: the key is unknown or disabled, or the secret key is not its own → sign in (aws configure, or aws sso login), and check AWS_PROFILE; aws sts get-caller-identity tells whose they are',
    skipped: ['secret: AWS does not accept the credentials', ...noSecret('the secret cannot be read')],
  },
  {
    name: 'credentials that may not read the secret',
    outcomes: { secretsManager: refusal('AccessDeniedException') },
    wrong:
      'secret: AWS does not let this program read the secret "trading-alerts" → allow secretsmanager:GetSecretValue on it, and kms:Decrypt where it has a key of its own',
    skipped: noSecret('the secret cannot be read'),
  },
  {
    name: 'AWS out of reach',
    environment: { AWS_ENDPOINT_URL_SECRETS_MANAGER: closedPort, AWS_ENDPOINT_URL_DYNAMODB: closedPort },
    wrong: [
      expect.stringMatching(
        /^secret: Secrets Manager did not give the secret "trading-alerts" \((ECONNREFUSED|Error)\) → where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER$/,
      ),
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
    outcomes: { secretsManager: 'hang' },
    outside: { timeoutMs: hangMs },
    wrong:
      'secret: Secrets Manager did not answer in time for the secret "trading-alerts" → where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER',
    skipped: noSecret('the secret cannot be read'),
  },
];

const secret: readonly Broken[] = [
  {
    name: 'no such secret',
    options: { secret: 'other' },
    wrong:
      'secret: there is no secret "other" with a value in this account and region → make it with trading-alerts secret, or give its name with --secret and its region with --region',
    skipped: noSecret('the secret cannot be read'),
  },
  {
    name: 'a secret that is no JSON',
    break: (clinic) => {
      clinic.simulators.secrets.set('trading-alerts', clinic.simulators.secret.pushover_api_token);
    },
    wrong: [
      expect.stringMatching(
        /^secret: "trading-alerts" is not JSON.* → a line break within the private_key is written \\n$/,
      ),
    ],
    skipped: noSecret('the secret cannot be read'),
  },
  {
    name: 'a secret with wrong fields',
    break: (clinic) => {
      const key = clinic.simulators.secret.pushover_users.default;
      storeSecret(clinic, { pushover_api_token: `${key}x`, pushover_users: { anna: key?.slice(1), [key ?? '']: key } });
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
    break: (clinic) => storeSecret(clinic, { pushover_users: {} }),
    wrong: [
      'users: nobody has a key → add them under users; trading-alerts secret makes a right one',
      expect.stringMatching(/^rows: 0 good, 2 wrong → row 2: user_id: no channel in the secret for "dmitry"/),
    ],
  },
  {
    name: 'a secret without a service account',
    break: (clinic) => storeSecret(clinic, { google_service_account: undefined }),
    wrong:
      "google: google_service_account is missing in the secret → add the client_email and private_key of the service account's key file",
    skipped: [...noSheet, ...noRows],
  },
];

const sheet: readonly Broken[] = [
  {
    name: 'a private key that is none',
    break: (clinic) => storeSecret(clinic, { google_service_account: { client_email: email, private_key: 'fake' } }),
    wrong:
      'google: google_service_account.private_key in the secret is no RSA key: expected the whole private_key of the key file, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY----- → make a new key for the service account, and a new secret from its file with trading-alerts secret',
    skipped: [...noSheet, ...noRows],
  },
  {
    name: 'a private key that Google does not know',
    break: (clinic) => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
      storeSecret(clinic, { google_service_account: { client_email: email, private_key: pem } });
    },
    wrong: `google: Google gives no access token for ${email} (HTTP 400): the key was deleted, disabled or belongs to another account → make a new key for the service account and put its client_email and private_key into the secret`,
    skipped: [...noSheet, ...noRows],
  },
  {
    name: 'the Sheets API switched off',
    access: 'api-disabled',
    wrong: `google: the Google Sheets API is not enabled in the project of ${email} → enable it in that project's API library in the Google Cloud console and wait a few minutes`,
    skipped: [...noSheet, ...noRows],
  },
  {
    name: "Google's quota used up",
    access: 'quota-exceeded',
    outside: { timeoutMs: hangMs },
    wrong:
      "google: Google's limit of 60 reads a minute for one service account is used up → try again in a minute; where that stays so, check the network",
    skipped: [...noSheet, ...noRows],
  },
  {
    name: 'Google out of reach',
    outcomes: { google: 'hang' },
    outside: { timeoutMs: hangMs },
    wrong:
      "google: Google's token service did not answer (no answer within 600 ms) → try again in a minute; where that stays so, check the network",
    skipped: [...noSheet, ...noRows],
  },
  {
    name: 'another spreadsheet',
    environment: { GOOGLE_SHEETS_SPREADSHEET_ID: 'no-such-spreadsheet' },
    wrong:
      "sheet: there is no such spreadsheet → set GOOGLE_SHEETS_SPREADSHEET_ID to the part of the sheet's address between /d/ and /edit",
    skipped: ['tab: the sheet could not be read so far', ...noRows],
  },
  {
    name: 'a sheet that is not shared',
    access: 'not-shared',
    wrong: `sheet: the sheet is not shared → share the sheet with ${email} as Viewer`,
    skipped: ['tab: the sheet could not be read so far', ...noRows],
  },
  {
    name: 'a tab of another name',
    environment: { SHEET_TAB: 'Sheet1' },
    wrong:
      'tab: the spreadsheet has no tab "Sheet1" → set SHEET_TAB to the name of the tab with the alerts, or rename the tab',
    skipped: noRows,
  },
  {
    name: 'a tab whose name holds what parts a sentence',
    environment: { SHEET_TAB: "Dmitry's; swing" },
    wrong:
      'tab: the spreadsheet has no tab "Dmitry\'s; swing" → set SHEET_TAB to the name of the tab with the alerts, or rename the tab',
    skipped: noRows,
  },
  {
    name: 'a header without the price',
    break: (clinic) => {
      clinic.simulators.google.tabs.set('Alerts', [
        ['symbol', 'condition'],
        ['BTCUSDT', 'above'],
      ]);
    },
    wrong: `header: the first row must name the columns symbol, condition and price; price is missing (the first row holds: symbol, condition) → write the columns symbol, condition, price, and as you like ${optionalTitles.join(', ')}`,
    skipped: ['rows: the header is not right'],
  },
  {
    name: 'percentages, which Sheets makes numbers of, and a channel without a key',
    break: (clinic) => {
      clinic.simulators.google.tabs.set('Alerts', [
        ['symbol', 'condition', 'price', 'user_id', 'notify'],
        ['BTCUSDT', 'falls from high', '3%', 'dmitry', ''],
        ['BTCUSDT', 'rises', '5%', 'dmitry', ''],
        ['BTCUSDT', 'above', 95000, 'dmitry', 'slack'],
      ]);
    },
    wrong: [
      [
        'rows: 1 good, 2 wrong → row 3: condition: rises needs "5% in 1h" in the price cell, got "5%"',
        'row 4: notify: the secret has no key of dmitry for slack, but for pushover; write what it has a key for, leave the cell blank for all of them, or add the key under users in the secret',
      ].join('\n'),
    ],
  },
  {
    name: 'wrong rows, one of a user without a key and one with a key in place of a name',
    break: (clinic) => {
      const key = clinic.simulators.secret.pushover_users.dmitry;
      const rows: Cell[][] = [
        ...soundRows.map((cells) => [...cells]),
        ['BTCUSDT', 'above', '95,000', ''],
        ['BTCUSDT', 'above', 1, 'boris'],
        ['A', '>', 1, key],
      ];
      clinic.simulators.google.tabs.set('Alerts', rows);
    },
    wrong: [
      [
        'rows: 2 good, 3 wrong → row 4: price: expected a plain number, got "95,000"; write 95000 or 95.000',
        'row 5: user_id: no channel in the secret for "boris"; it has some for default, dmitry. Write one of them, or add the user with a channel under users in the secret',
        'row 6: user_id: expected the name of a user, got what looks like a key; delete it here, put it into the secret under users, and write the name of its user',
      ].join('\n'),
    ],
  },
  {
    name: 'wrong cells of users, one of them a channel without a key',
    break: (clinic) => {
      const users = [
        ['user_id', 'time_zone', 'quiet', 'notify'],
        ['default', 'Berlin', '23:00', 'pigeon'],
        ['dmitry', 'Europe/Berlin', '', 'telegram'],
        ['boris', '', '', ''],
      ];
      clinic.simulators.google.tabs.set('Users', users);
    },
    wrong: [
      [
        'users tab: "Users" has 3 wrong rows → row 2: time_zone: expected a name of the IANA list, such as Europe/Berlin, America/New_York or UTC, or a blank cell, got "Berlin".' +
          ' quiet: expected a stretch of the day such as 23:00-07:00, or a blank cell, got "23:00".' +
          ` notify: expected some of ${channelNames.join(', ')} or a blank cell, got "pigeon"`,
        'row 3: notify: the secret has no key of dmitry for telegram, but for pushover; write what it has a key for, leave the cell blank for all of them, or add the key under users in the secret',
        'row 4: user_id: no channel in the secret for "boris"; it has some for default, dmitry. Write one of them, or add the user with a channel under users in the secret',
      ].join('\n'),
    ],
  },
  {
    name: 'a tab of users that is about something else',
    break: (clinic) => {
      clinic.simulators.google.tabs.set('Users', [['name', 'birthday']]);
    },
    wrong:
      'users tab: "Users" cannot be used → the first row must name the column user_id, and as you like time_zone, quiet and notify; it holds: name, birthday. Where the tab is about something else, set USERS_TAB to another name',
  },
];

/** A table of that name, right but for its index. */
const makeIndexed = (clinic: Clinic, name: string, wrong: object) => {
  const definition = tableDefinition(name);
  const [index] = definition.GlobalSecondaryIndexes;
  return clinic.makeTable({ ...definition, GlobalSecondaryIndexes: [{ ...index, ...wrong }] });
};

const table: readonly Broken[] = [
  {
    name: 'no table',
    options: { table: 'other' },
    wrong:
      'table: there is no table "other" in this account and region → deploy the stack; the stack\'s output TableName names it; give it with --table or DYNAMODB_TABLE_NAME',
    skipped: [noIndex],
  },
  {
    name: "another program's table",
    break: (clinic) =>
      clinic.makeTable({
        ...tableDefinition('foreign'),
        AttributeDefinitions: [
          { AttributeName: 'user', AttributeType: 'N' },
          { AttributeName: 'entity_type', AttributeType: 'S' },
          { AttributeName: 'id', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'user', KeyType: 'HASH' }],
      }),
    options: { table: 'foreign' },
    wrong:
      'table: "foreign" has the key user (HASH, N), expected id (HASH, S): it is another program\'s → the stack\'s output TableName names it; give it with --table or DYNAMODB_TABLE_NAME',
  },
  {
    name: 'a table without the index',
    break: (clinic) =>
      clinic.makeTable({
        TableName: 'bare',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: undefined,
      }),
    options: { table: 'bare' },
    wrong: 'index: entity_type-index is missing → deploy the stack again, and let it make a table of its own',
  },
  {
    name: 'an index with another key',
    break: (clinic) =>
      makeIndexed(clinic, 'wrong-index', { KeySchema: [{ AttributeName: 'entity_type', KeyType: 'HASH' }] }),
    options: { table: 'wrong-index' },
    wrong:
      'index: entity_type-index has the key entity_type (HASH, S), expected entity_type (HASH, S) and id (RANGE, S) → deploy the stack again, and let it make a table of its own',
  },
  {
    name: 'an index that holds only keys',
    break: (clinic) => makeIndexed(clinic, 'keys-only', { Projection: { ProjectionType: 'KEYS_ONLY' } }),
    options: { table: 'keys-only' },
    wrong:
      'index: entity_type-index holds KEYS_ONLY of an item, expected ALL → deploy the stack again, and let it make a table of its own',
  },
];

const signInPage = { status: 200, body: '<html>Sign in to the network</html>' };
const countryPage = '<html>The service is configured to block access from your country.</html>';

const exchanges: readonly Broken[] = [
  {
    name: 'a place that exchanges refuse',
    outcomes: {
      binance: { status: 451, body: { code: 0, msg: 'Service unavailable from a restricted location' } },
      bybit: { status: 403, body: countryPage },
    },
    wrong: [
      'binance: refuses addresses of this place (HTTP 451) → run from another country or AWS region; meanwhile the other exchanges stand in',
      'bybit: refuses addresses of this place (HTTP 403) → run from another country or AWS region; meanwhile the other exchanges stand in',
      'bybit perpetuals: refuses addresses of this place (HTTP 403) → run from another country or AWS region; meanwhile the other exchanges stand in',
    ],
  },
  {
    name: 'exchanges that had too many requests',
    outcomes: {
      binance: { status: 429, body: {}, headers: { 'retry-after': '17' } },
      bybit: { status: 200, body: { retCode: 10006, retMsg: 'Too many visits!' } },
    },
    wrong: [
      'binance: has had too many requests from this address → wait 17 s, then check less often',
      'bybit: has had too many requests from this address → wait some minutes, then check less often',
      'bybit perpetuals: has had too many requests from this address → wait some minutes, then check less often',
    ],
  },
  {
    name: 'an exchange that hangs, one that breaks off, and a page in the place of one',
    outcomes: { binance: 'hang', bybit: 'reset', coinbase: signInPage, coinbaseExchange: signInPage },
    outside: { timeoutMs: hangMs },
    wrong: [
      'binance: gives no prices now: no answer within 600 ms → try again in a minute; where that stays so, check the network and BINANCE_BASE_URL and BINANCE_FUTURES_BASE_URL',
      'bybit: gives no prices now: the connection failed (ECONNRESET) → try again in a minute; where that stays so, check the network and BYBIT_BASE_URL',
      'bybit perpetuals: gives no prices now: the connection failed (ECONNRESET) → try again in a minute; where that stays so, check the network and BYBIT_BASE_URL',
      'coinbase: expected a ticker, got an HTML page with HTTP 200 → check COINBASE_BASE_URL and COINBASE_EXCHANGE_BASE_URL, and whether a proxy answers in its place',
    ],
  },
  {
    name: 'exchanges without the market that every exchange has',
    break: (clinic) => {
      clinic.simulators.market.listings.binance.delete('BTCUSDT');
      clinic.simulators.market.list('binance', 'ETHUSDT', { price: '3000' });
      clinic.simulators.market.list('bybit', 'BTCUSDT', {});
    },
    wrong: [
      'binance: answers, but does not list BTC-USDT → check BINANCE_BASE_URL and BINANCE_FUTURES_BASE_URL, and whether a proxy answers in its place',
      'bybit: answers, but without a price of BTC-USDT: expected a plain decimal, got "" → check BYBIT_BASE_URL, and whether a proxy answers in its place',
    ],
  },
];

/** What Pushover says of Dmitry's key, where the path holds that. */
function answerDmitry({ simulators }: Clinic, outcome: Outcome, part = ''): void {
  const key = simulators.secret.pushover_users.dmitry ?? '';
  simulators.traffic.pushover.fault = ({ path, body }) =>
    path.includes(part) && body.includes(key) ? { outcome } : undefined;
}

const pushover: readonly Broken[] = [
  {
    name: 'a token that Pushover does not know',
    break: (clinic) => {
      clinic.simulators.pushover.token = 'another';
    },
    wrong:
      'pushover token: Pushover refuses the application (application token is invalid) → correct pushover_api_token in the secret',
    skipped: ['pushover quota: the application could not be looked up', ...noUsers],
  },
  {
    name: 'a key that Pushover does not know',
    break: (clinic) => {
      clinic.simulators.pushover.users.delete(clinic.simulators.secret.pushover_users.dmitry ?? '');
    },
    wrong:
      "pushover user dmitry: Pushover refuses the user's key (user identifier is not a valid user, group, or subscribed user key, see …) → correct pushover_users.dmitry in the secret",
  },
  {
    name: 'a refusal that repeats key and token',
    break: (clinic) => {
      const { pushover_api_token: token, pushover_users } = clinic.simulators.secret;
      const errors = [`no user ${pushover_users.dmitry} for ${token}`];
      answerDmitry(clinic, { status: 400, body: { user: 'invalid', errors } });
    },
    wrong:
      "pushover user dmitry: Pushover refuses the user's key (no user … for …) → correct pushover_users.dmitry in the secret",
  },
  {
    name: 'a refusal for two reasons',
    break: (clinic) => {
      const errors = ['user key is invalid', 'and expired'];
      answerDmitry(clinic, { status: 400, body: { user: 'invalid', errors } });
    },
    wrong:
      "pushover user dmitry: Pushover refuses the user's key (user key is invalid; and expired) → correct pushover_users.dmitry in the secret",
  },
  {
    name: 'a user without a device',
    break: (clinic) =>
      answerDmitry(clinic, { status: 200, body: { status: 1, group: 0, devices: [], licenses: [] } }, 'validate'),
    wrong:
      'pushover user dmitry: the key is valid, but no device is registered → install the Pushover app there and sign in',
  },
  {
    name: 'a quota that is used up',
    break: (clinic) => {
      clinic.simulators.pushover.remaining = 0;
      clinic.simulators.pushover.resetsAt = Date.UTC(2026, 11, 1) / 1000;
    },
    wrong:
      "pushover quota: 0 of 10000 messages left until 2026-12-01 00:00:00 UTC → buy messages for the application at pushover.net, or wait for the month's reset",
  },
  {
    name: 'a quota that is refused',
    break: (clinic) => {
      clinic.simulators.traffic.pushover.fault = ({ path }) =>
        path.includes('limits')
          ? { outcome: { status: 429, body: { token: 'invalid', status: 0, errors: [] } } }
          : undefined;
    },
    wrong:
      "pushover quota: the month's messages are used up → buy messages for the application at pushover.net, or wait for the month's reset",
  },
  {
    name: 'Pushover out of order',
    outcomes: { pushover: { status: 500, body: 'oops' } },
    wrong:
      'pushover token: Pushover is out of order (HTTP 500) → try again in a minute; where that stays so, check the network and PUSHOVER_BASE_URL',
    skipped: ['pushover quota: the application could not be looked up', ...noUsers],
  },
  {
    name: 'Pushover out of reach',
    outcomes: { pushover: 'hang' },
    outside: { timeoutMs: hangMs },
    wrong:
      'pushover token: Pushover did not answer (no answer within 600 ms) → try again in a minute; where that stays so, check the network and PUSHOVER_BASE_URL',
    skipped: ['pushover quota: the application could not be looked up', ...noUsers],
  },
  {
    name: "another service under Pushover's address",
    outcomes: { pushover: { status: 200, body: '<html>Welcome</html>' } },
    wrong:
      "pushover token: HTTP 200 in place of Pushover's answer → check PUSHOVER_BASE_URL, and whether a proxy or firewall is in between",
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
    ],
    skipped: noRows,
  },
  {
    name: 'a laptop whose CSV file has a name that parts a sentence',
    options: { sheet: 'mine; and yours.csv' },
    wrong: [
      expect.stringMatching(
        /^sheet: there is no file .*mine; and yours\.csv → name a CSV file with the columns symbol, condition and price with --sheet$/,
      ),
    ],
    skipped: noRows,
  },
  {
    name: 'a laptop with a wrong row in the CSV file, for a user without a key',
    break: (clinic) => clinic.write('alerts.csv', 'symbol,condition,price,user_id\nBTCUSDT,above,1,boris\n'),
    options: { sheet: 'alerts.csv' },
    wrong:
      'rows: 0 good, 1 wrong → row 2: user_id: no channel in the secret for "boris"; it has some for default, dmitry. Write one of them, or add the user with a channel under users in the secret',
  },
  {
    name: 'a laptop with a wrong cell in users.csv',
    break: (clinic) => clinic.write('users.csv', 'user_id,quiet\ndmitry,late\n'),
    options: { sheet: 'alerts.csv' },
    wrong: [
      expect.stringMatching(
        /^users tab: ".*users\.csv" has 1 wrong row → row 2: quiet: expected a stretch of the day such as 23:00-07:00, or a blank cell, got "late"$/,
      ),
    ],
  },
  {
    name: 'a laptop that names a file of users which is not there',
    options: { sheet: 'alerts.csv', users: 'nobody.csv' },
    wrong:
      'users tab: there is no file nobody.csv → name a CSV file with the column user_id with --users, or leave it out',
  },
  {
    name: 'a laptop whose secrets.json is broken, and the rows are read all the same',
    break: (clinic) => clinic.write('secrets.json', '{"pushover_api_token": "short", "pushover_users": {}}'),
    options: { sheet: 'alerts.csv' },
    wrong:
      'secret: it is not well formed → pushover_api_token: expected the API token of your Pushover application, 30 letters and digits, got 5 characters\ntrading-alerts secret makes a right one',
    skipped: ['channels: the secret cannot be read'],
  },
  {
    name: 'a laptop that reads the Google sheet without secrets.json',
    break: (clinic) => rm(join(clinic.folder, 'secrets.json')),
    options: { sheet: 'google' },
    wrong: [
      expect.stringMatching(
        /^secret: there is no .*secrets\.json → trading-alerts secret --out .*secrets\.json makes it$/,
      ),
    ],
    skipped: [
      expect.stringMatching(/^sheet: there is no .*secrets\.json$/),
      expect.stringMatching(/^channels: there is no .*secrets\.json$/),
    ],
  },
];

/** All that is wrong of it, in the clinic. */
async function spoil(clinic: Clinic, { environment, outcomes = {}, access, ...broken }: Broken): Promise<void> {
  const { traffic, google } = clinic.simulators;
  Object.assign(clinic.environment, environment);
  for (const [name, outcome] of Object.entries(outcomes)) traffic[name as SimulatorName].fault = () => ({ outcome });
  google.access = access ?? google.access;
  await broken.break?.(clinic);
}

export const brokenSetUps = [machine, aws, secret, sheet, table, exchanges, pushover, laptop].flat().map((broken) => {
  const { name, options, outside, wrong, skipped } = broken;
  return { name, options, outside, wrong: [wrong].flat(), skipped, break: (clinic: Clinic) => spoil(clinic, broken) };
});
