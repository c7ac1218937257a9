import { randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createAlertStore } from './adapters/dynamodb/alert-store.js';
import { createStoreClient } from './adapters/dynamodb/client.js';
import { createGoneItems } from './adapters/dynamodb/gone-addresses.js';
import { createHistory } from './adapters/dynamodb/history.js';
import { connectAll } from './adapters/exchanges/connect.js';
import { exchanges } from './adapters/exchanges/registry.js';
import { createHttp } from './adapters/http.js';
import { createLog } from './adapters/log.js';
import { createMetrics } from './adapters/metrics.js';
import { createNotifiers, type KeysReader } from './adapters/notifiers/connect.js';
import type { KeptFingerprints } from './adapters/notifiers/gone-addresses.js';
import { parseKeys } from './adapters/notifiers/keys-text.js';
import { createTransport } from './adapters/notifiers/transport.js';
import { createSecretReader, fetchFromSecretsManager } from './adapters/secret.js';
import { createGoogleSheet } from './adapters/sheet/google.js';
import type { Config } from './config.js';
import { messageOf } from './domain/error-message.js';
import { createCandleHistory } from './flows/candle-history.js';
import { check } from './flows/check.js';
import type { AlertStore } from './flows/ports/alert-store.js';
import type { History } from './flows/ports/history.js';
import type { Notifiers } from './flows/ports/notifiers.js';
import type { Ports } from './flows/ports/ports.js';
import type { PriceSource } from './flows/ports/price-source.js';
import type { Sheet } from './flows/ports/sheet.js';
import type { Summary } from './flows/summary.js';

/** What the laptop puts in place of a service; everything else is the same code. */
export interface Replacements {
  readonly now?: () => number;
  readonly secret?: KeysReader;
  readonly store?: AlertStore;
  readonly history?: History;
  readonly sheet?: Sheet;
  readonly exchanges?: readonly PriceSource[];
  readonly notifiers?: Notifiers;
  /** Where it is kept which addresses are gone. */
  readonly goneAddresses?: KeptFingerprints;
  readonly log?: Ports['log'];
  readonly metrics?: Ports['metrics'];
}

export interface App {
  /** `deadline` in ms: when the caller will be stopped. See `check` for what it throws. */
  check(request: { isDryRun: boolean; deadline: number }): Promise<Summary>;
}

/** With what its parts are wired to, for what works beside the checks. */
export interface WiredApp extends App {
  readonly ports: Ports;
}

/** Work is not started this long before the deadline, so that what is under way can end. */
const reserveMs = 15_000;

/** The exchanges of the registry, a source for each kind of market. `timeoutMs` is for one attempt. */
export function createPriceSources(config: Config, timeoutMs = 5_000): PriceSource[] {
  const http = createHttp({ timeoutMs, retries: 2 });
  return Object.values(exchanges).flatMap((exchange) => connectAll(exchange, http.get, config.exchangeOrigins));
}

const createKeysReader = ({ secretId }: Config, log: Ports['log'], now: () => number): KeysReader =>
  createSecretReader({
    fetchText: fetchFromSecretsManager(new SecretsManagerClient({ maxAttempts: 4 }), secretId),
    parse: parseKeys,
    now,
    onStale: (error) => log.warn('the secret at hand stays in use', { reason: messageOf(error) }),
  });

/** Wires the parts together; the only place that knows them all. Nothing is called before the first check. */
export function createApp(config: Config, replacements: Replacements = {}): WiredApp {
  const now = replacements.now ?? Date.now;
  const http = createHttp({ timeoutMs: 5_000, retries: 2 });
  const log = replacements.log ?? createLog(config.logLevel);
  // Of the check under way: a process makes one at a time.
  let hasTime = () => true;
  const secret = replacements.secret ?? createKeysReader(config, log, now);
  let client: ReturnType<typeof createStoreClient> | undefined;
  const storeClient = () => {
    client ??= createStoreClient();
    return client;
  };
  const ports: Ports = {
    sheet:
      replacements.sheet ??
      createGoogleSheet({
        spreadsheetId: config.spreadsheetId,
        tab: config.sheetTab,
        usersTab: config.usersTab,
        baseUrl: config.googleSheetsBaseUrl,
        tokenUrl: config.googleTokenUrl,
        account: async () => (await secret.read()).googleServiceAccount,
        http,
        now,
        mayRepeat: () => hasTime(),
      }),
    store: replacements.store ?? createAlertStore({ client: storeClient(), tableName: config.tableName }),
    exchanges: replacements.exchanges ?? createPriceSources(config),
    history:
      replacements.history ??
      createHistory({ client: storeClient(), tableName: config.tableName, keptDays: config.historyDays }),
    candleHistory: createCandleHistory(),
    notifiers:
      replacements.notifiers ??
      createNotifiers({
        keys: secret,
        transport: createTransport({ timeoutMs: 10_000 }),
        origins: config.notifierOrigins,
        now,
        keptGone: replacements.goneAddresses ?? createGoneItems({ client: storeClient(), tableName: config.tableName }),
        onKeptProblem: (error) => log.warn('it is not kept which addresses are gone', { reason: messageOf(error) }),
      }),
    log,
    metrics: replacements.metrics ?? createMetrics(),
    fanOutThreshold: config.fanOutThreshold,
    timeZone: config.timeZone,
    now,
    newId: randomUUID,
  };
  return {
    ports,
    check({ isDryRun, deadline }) {
      hasTime = () => now() < deadline - reserveMs;
      const { checkConcurrency: requestsAtATime } = config;
      return check(ports, { runId: randomUUID(), startedAt: now(), isDryRun, requestsAtATime, hasTime });
    },
  };
}
