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
import { createDeliveryMetrics, createMetrics } from './adapters/metrics.js';
import { createNotifiers, type KeysReader } from './adapters/notifiers/connect.js';
import type { KeptFingerprints } from './adapters/notifiers/gone-addresses.js';
import { parseKeys } from './adapters/notifiers/keys-text.js';
import { createTransport } from './adapters/notifiers/transport.js';
import { createQueueClient } from './adapters/queue/client.js';
import { createDoorbell } from './adapters/queue/doorbell.js';
import { createSecretReader, fetchFromSecretsManager } from './adapters/secret.js';
import { createGoogleSheet } from './adapters/sheet/google.js';
import { type Config, ConfigError } from './config.js';
import type { AccountWaits } from './domain/delivery/backoff.js';
import { messageOf } from './domain/error-message.js';
import { createCandleHistory } from './flows/candle-history.js';
import { check } from './flows/check.js';
import { deliverRung, type WorkerPorts } from './flows/deliver-rung.js';
import type { AlertStore } from './flows/ports/alert-store.js';
import type { Doorbell } from './flows/ports/doorbell.js';
import type { History } from './flows/ports/history.js';
import type { Notifiers } from './flows/ports/notifiers.js';
import type { Ports } from './flows/ports/ports.js';
import type { PriceSource } from './flows/ports/price-source.js';
import type { Sheet } from './flows/ports/sheet.js';
import type { WrittenMessage } from './flows/read-messages.js';
import type { Run } from './flows/run.js';
import type { Summary } from './flows/summary.js';

/** What whoever delivers needs. */
interface DeliveryReplacements {
  readonly now?: () => number;
  readonly secret?: KeysReader;
  readonly store?: AlertStore;
  readonly history?: History;
  readonly notifiers?: Notifiers;
  readonly doorbell?: Doorbell;
  /** Where it is kept which addresses are gone. */
  readonly goneAddresses?: KeptFingerprints;
  readonly log?: Ports['log'];
}

/** What the laptop puts in place of a service; everything else is the same code. */
export interface Replacements extends DeliveryReplacements {
  readonly sheet?: Sheet;
  readonly exchanges?: readonly PriceSource[];
  readonly metrics?: Ports['metrics'];
}

export interface WorkerReplacements extends DeliveryReplacements {
  readonly metrics?: WorkerPorts['metrics'];
}

export interface App {
  /** `deadline` in ms: when the caller will be stopped. See `check` for what it throws. */
  check(request: { isDryRun: boolean; deadline: number }): Promise<Summary>;
}

/** With what its parts are wired to, for what works beside the checks. */
export interface WiredApp extends App {
  readonly ports: Ports;
}

/** Delivers what checks have claimed and rung for. */
export interface Worker {
  /** Gives the messages that have to come again. `deadline` in ms: when the caller will be stopped. */
  deliver(request: { messages: readonly WrittenMessage[]; deadline: number }): Promise<readonly string[]>;
}

/** Work is not started this long before the deadline, so that what is under way can end. */
const reserveMs = 15_000;

/** A send may take ten seconds, and what came of it has to be written. */
const workerReserveMs = 12_000;

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

/** The parts of whoever delivers, be it a check or a worker. */
function createDeliveryPorts(config: Config, replacements: DeliveryReplacements) {
  const now = replacements.now ?? Date.now;
  const log = replacements.log ?? createLog(config.logLevel);
  const secret = replacements.secret ?? createKeysReader(config, log, now);
  const { tableName, historyDays: keptDays, queueUrl } = config;
  let client: ReturnType<typeof createStoreClient> | undefined;
  const storeClient = () => {
    client ??= createStoreClient();
    return client;
  };
  const notifiers = (): Notifiers =>
    createNotifiers({
      keys: secret,
      transport: createTransport({ timeoutMs: 10_000 }),
      origins: config.notifierOrigins,
      now,
      keptGone: replacements.goneAddresses ?? createGoneItems({ client: storeClient(), tableName }),
      onKeptProblem: (error) => log.warn('it is not kept which addresses are gone', { reason: messageOf(error) }),
    });
  const ringing = () => (queueUrl === undefined ? undefined : createDoorbell(createQueueClient(), queueUrl));
  const ports = {
    store: replacements.store ?? createAlertStore({ client: storeClient(), tableName }),
    history: replacements.history ?? createHistory({ client: storeClient(), tableName, keptDays }),
    notifiers: replacements.notifiers ?? notifiers(),
    log,
    timeZone: config.timeZone,
    now,
    newId: randomUUID,
  };
  return { secret, ports, doorbell: replacements.doorbell ?? ringing() };
}

/** Wires the parts together; the only place that knows them all. Nothing is called before the first check. */
export function createApp(config: Config, replacements: Replacements = {}): WiredApp {
  const { secret, ports: delivering, doorbell } = createDeliveryPorts(config, replacements);
  const { now } = delivering;
  // Of the check under way: a process makes one at a time.
  let hasTime = () => true;
  const ports: Ports = {
    ...delivering,
    doorbell,
    sheet:
      replacements.sheet ??
      createGoogleSheet({
        spreadsheetId: config.spreadsheetId,
        tab: config.sheetTab,
        usersTab: config.usersTab,
        baseUrl: config.googleSheetsBaseUrl,
        tokenUrl: config.googleTokenUrl,
        account: async () => (await secret.read()).googleServiceAccount,
        http: createHttp({ timeoutMs: 5_000, retries: 2 }),
        now,
        mayRepeat: () => hasTime(),
      }),
    exchanges: replacements.exchanges ?? createPriceSources(config),
    candleHistory: createCandleHistory(),
    metrics: replacements.metrics ?? createMetrics(),
    fanOutThreshold: config.fanOutThreshold,
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

/** The same for the worker of the fan-out. Throws `ConfigError` where there is no queue to ring again. */
export function createWorker(config: Config, replacements: WorkerReplacements = {}): Worker {
  const { ports: delivering, doorbell } = createDeliveryPorts(config, replacements);
  if (doorbell === undefined) {
    const message = 'is not set; expected the address of the queue that rings this function';
    throw new ConfigError([{ name: 'SQS_QUEUE_URL', isSet: false, message, remedy: 'set SQS_QUEUE_URL' }]);
  }
  const ports: WorkerPorts = { ...delivering, doorbell, metrics: replacements.metrics ?? createDeliveryMetrics() };
  const { now } = ports;
  // What one batch found out, the next one of this process need not; the next check finds it out by itself.
  let accountWaits: AccountWaits = {};
  return {
    async deliver({ messages, deadline }) {
      const hasTime = () => now() < deadline - workerReserveMs;
      const run: Run = { runId: randomUUID(), startedAt: now(), isDryRun: false, requestsAtATime: 1, hasTime };
      const result = await deliverRung(ports, messages, accountWaits, run);
      accountWaits = result.accountWaits;
      return result.unfinished;
    },
  };
}
