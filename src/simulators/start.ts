import type { Cell } from '../domain/columns.js';
import { exchangeNames } from '../domain/market.js';
import { type ChannelName, type ChannelStates, startChannels } from './channels.js';
import { type ExchangeHostName, exchangeHosts } from './exchange-hosts.js';
import { createFakeSecret, type SimulatedSecret } from './fake-secret.js';
import { createGauge, createTraffic, type Gauge, type Traffic } from './faults.js';
import { type GoogleState, googleSimulator } from './google/google.js';
import { serveSimulator } from './loopback.js';
import { createMarket, type SimulatedMarket } from './market.js';
import { type PushoverState, pushoverSimulator } from './pushover.js';
import { secretsManagerSimulator } from './secrets-manager.js';

export interface SimulatorOptions {
  /** ms since 1970; what the exchanges answer follows it. */
  readonly now: () => number;
  /** Who has a phone. Their keys are made up. */
  readonly users?: readonly string[];
  /** What each of them has beside Pushover. */
  readonly channels?: readonly ChannelName[];
  readonly secretId?: string;
  /** The tab `Alerts`, the header row first. */
  readonly rows?: readonly (readonly Cell[])[];
}

export interface Simulators {
  readonly market: SimulatedMarket;
  /** Each simulator's requests, and the `fault` to replace. */
  readonly traffic: Readonly<Record<SimulatorName, Traffic>>;
  /** Requests that are open at all hosts of exchanges together. */
  readonly exchangeRequestsAtOnce: Gauge;
  readonly pushover: PushoverState;
  readonly channels: ChannelStates;
  /** Where the channels' services are. */
  readonly urls: Readonly<Record<ChannelName, string>>;
  readonly google: GoogleState;
  /** The text of each secret by its name. */
  readonly secrets: Map<string, string>;
  readonly secret: SimulatedSecret;
  /** What leads the program here: addresses, names, and credentials that are worth nothing. */
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

export type SimulatorName = ExchangeHostName | 'pushover' | ChannelName | 'google' | 'secretsManager';

const header: readonly Cell[] = ['symbol', 'condition', 'price', 'user_id', 'exchange', 'active', 'name', 'notes'];

/** The first of the next month, in seconds, when Pushover's quota starts anew. */
function nextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) / 1_000;
}

function createStates({ secret, account }: Awaited<ReturnType<typeof createFakeSecret>>, options: SimulatorOptions) {
  const { now, rows = [header] } = options;
  const pushover: PushoverState = {
    token: secret.pushover_api_token,
    users: new Set(Object.values(secret.pushover_users)),
    received: [],
    urgent: new Map(),
    limit: 10_000,
    remaining: 10_000,
    resetsAt: nextMonth(now()),
  };
  const google: GoogleState = {
    spreadsheetId: 'simulated-spreadsheet',
    tabs: new Map([['Alerts', rows.map((row) => [...row])]]),
    looks: new Map(),
    account,
    access: 'shared',
    tokens: new Map(),
  };
  return { market: createMarket(now), pushover, google };
}

async function startExchanges(market: SimulatedMarket, requestsAtOnce: Gauge) {
  const started = await Promise.all(
    exchangeHosts.map(async ({ variable, name, simulate }) => {
      const traffic = createTraffic(requestsAtOnce);
      return { variable, name, traffic, served: await serveSimulator(simulate(market, traffic), traffic) };
    }),
  );
  return {
    traffic: Object.fromEntries(started.map(({ name, traffic }) => [name, traffic])) as Record<
      ExchangeHostName,
      Traffic
    >,
    environment: Object.fromEntries(started.map(({ variable, served }) => [variable, served.url])),
    served: started.map(({ served }) => served),
  };
}

/** Starts a stand-in for every outside service, each on a free port of this machine. */
export async function startSimulators(options: SimulatorOptions): Promise<Simulators> {
  const { now, users = ['default', 'dmitry'], secretId = 'trading-alerts' } = options;
  const made = await createFakeSecret(users);
  const channels = await startChannels(now);
  const secret: SimulatedSecret = { ...made.secret, ...channels.secretOf(options.channels ?? [], users) };
  const { market, pushover, google } = createStates(made, options);
  const secrets = new Map([[secretId, JSON.stringify(secret)]]);
  // No real exchange lists nothing.
  for (const exchange of exchangeNames) {
    for (const symbol of ['LISTED-USD', 'LISTED-USD.P']) market.list(exchange, symbol, { price: '1' });
  }
  const exchangeRequestsAtOnce = createGauge();
  const exchanges = await startExchanges(market, exchangeRequestsAtOnce);
  const traffic = {
    ...exchanges.traffic,
    pushover: createTraffic(),
    ...channels.traffic,
    google: createTraffic(),
    secretsManager: createTraffic(),
  };
  const served = {
    pushover: await serveSimulator(pushoverSimulator(pushover, traffic.pushover, now), traffic.pushover),
    google: await serveSimulator(googleSimulator(google, traffic.google), traffic.google),
    secretsManager: await serveSimulator(
      secretsManagerSimulator(secrets, traffic.secretsManager, now),
      traffic.secretsManager,
    ),
  };
  const environment: Simulators['environment'] = {
    ...exchanges.environment,
    PUSHOVER_BASE_URL: served.pushover.url,
    ...channels.environment,
    GOOGLE_SHEETS_BASE_URL: served.google.url,
    GOOGLE_TOKEN_URL: `${served.google.url}/token`,
    GOOGLE_SHEETS_SPREADSHEET_ID: google.spreadsheetId,
    SHEET_TAB: 'Alerts',
    SECRET_ID: secretId,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: served.secretsManager.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
  };
  const close = async () => {
    await Promise.all([...[...exchanges.served, ...Object.values(served)].map((one) => one.close()), channels.close()]);
  };
  return {
    market,
    traffic,
    exchangeRequestsAtOnce,
    pushover,
    channels: channels.states,
    urls: channels.urls,
    google,
    secrets,
    secret,
    environment,
    close,
  };
}
