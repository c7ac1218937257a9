import { BatchWriteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { createAlertStore } from '../../src/adapters/dynamodb/alert-store.js';
import { createTransport, type Transport } from '../../src/adapters/notifiers/transport.js';
import type { Alert } from '../../src/domain/alert.js';
import type { Repeat } from '../../src/domain/fields/repeat.js';
import type { AlertStore } from '../../src/flows/ports/alert-store.js';
import { createTraffic, type Traffic } from '../../src/simulators/faults.js';
import { serveSimulator } from '../../src/simulators/loopback.js';
import { type PushoverState, pushoverSimulator } from '../../src/simulators/pushover.js';
import { checkpointAt } from '../support/builders.js';
import { itemOf } from '../support/dynamodb.js';
import { fakeKey } from '../support/fake-secret.js';
import { lostAnswer, type Operation } from './fault.js';
import { checkedAt, type Scene } from './scenes.js';
import { aroundAttempts, freshRetries, openTable } from './table.js';
import type { Clock, Turns } from './turns.js';

/** The outside of the product, kept from scenario to scenario: one table, one Pushover. */
export interface Stage {
  readonly clock: Clock;
  readonly pushover: PushoverState;
  readonly traffic: Traffic;
  readonly pushoverUrl: string;
  readonly transport: Transport;
  /** Past all turns and faults. */
  readonly client: DynamoDBDocumentClient;
  readonly store: AlertStore;
  readonly tableName: string;
  /** The table holds these alerts and a checkpoint, and nothing else; nobody remembers anything. */
  reset(scene: Pick<Scene, 'stored' | 'firing'>): Promise<void>;
  /** The store as a run sees it: each attempt of each call waits for its turn. */
  storeFor(run: string, turns: Turns): AlertStore;
  close(): Promise<void>;
}

const tableName = 'trading-alerts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const atOnce = 25;

/** The user's key on each channel of the scenes. */
export const channelKeys: Readonly<Record<string, string>> = {
  pushover: fakeKey('User'),
  telegram: fakeKey('Second'),
  ntfy: fakeKey('Third'),
};

function throwLostAnswer(): never {
  throw lostAnswer();
}

export async function startStage(): Promise<Stage> {
  const clock: Clock = { now: checkedAt };
  const client = await openTable(tableName);
  const store = createAlertStore({ client, tableName });
  await store.writeCheckpoint(checkpointAt(checkedAt));
  const checkpoint = await client.send(new GetCommand({ TableName: tableName, Key: { id: '#checkpoint' } }));
  const pushover: PushoverState = {
    token: fakeKey('Token'),
    users: new Set(Object.values(channelKeys)),
    received: [],
    urgent: new Map(),
    limit: 10_000,
    remaining: Number.MAX_SAFE_INTEGER,
    resetsAt: 0,
  };
  const traffic = createTraffic();
  const simulator = await serveSimulator(
    pushoverSimulator(pushover, traffic, () => clock.now),
    traffic,
  );
  const known = new Set<string>();
  let repeats: ReadonlyMap<string, Repeat | undefined> = new Map();
  /** As the rows would say it. */
  function repeating<T extends Alert | undefined>(alert: T): T {
    const repeat = alert && repeats.get(alert.id);
    return repeat === undefined ? alert : { ...alert, repeat };
  }

  return {
    clock,
    pushover,
    traffic,
    pushoverUrl: simulator.url,
    transport: createTransport({ timeoutMs: 10_000 }),
    client,
    store,
    tableName,

    async reset({ stored, firing }) {
      repeats = new Map(Object.entries(firing).map(([id, expected]) => [id, expected.repeats]));
      await freshRetries(client);
      const kept = new Set(stored.map(({ id }) => id));
      const gone = [...known].filter((id) => !kept.has(id));
      for (const id of kept) known.add(id);
      const requests = [
        ...[checkpoint.Item, ...stored.map(itemOf)].map((Item) => ({ PutRequest: { Item } })),
        ...gone.map((id) => ({ DeleteRequest: { Key: { id } } })),
      ];
      for (let from = 0; from < requests.length; from += atOnce) {
        const some = requests.slice(from, from + atOnce);
        await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: some } }));
      }
      pushover.received.length = 0;
      traffic.requests.length = 0;
    },

    storeFor(run, turns) {
      const call = <T>(operation: Operation, alertId: string, ask: (inTurn: AlertStore) => Promise<T>): Promise<T> => {
        if (operation === 'create') known.add(alertId);
        const shared = { isCut: false };
        const inTurn = aroundAttempts(client, (act) =>
          turns.take({ run, operation, alertId, call: shared, lost: throwLostAnswer, act }),
        );
        return turns.during(run, () => ask(createAlertStore({ client: inTurn, tableName })));
      };
      return {
        list: () =>
          call('list', '', async (each) => {
            const { alerts, unreadable } = await each.list();
            return { alerts: alerts.map(repeating), unreadable };
          }),
        get: (id) => call('get', id, (each) => each.get(id)),
        create: (alert) => call('create', alert.id, (each) => each.create(alert)),
        change: (change) => call('change', change.previous.id, (each) => each.change(change)),
        remember: (alert, memory) => call('remember', alert.id, (each) => each.remember(alert, memory)),
        claim: (alert, delivery) =>
          call('claim', alert.id, async (each) => repeating(await each.claim(alert, delivery))),
        takeOver: (alert, lease) =>
          call('takeOver', alert.id, async (each) => repeating(await each.takeOver(alert, lease))),
        commit: (alert, now) => call('commit', alert.id, (each) => each.commit(alert, now)),
        noteAccepted: (alert, next) => call('noteAccepted', alert.id, (each) => each.noteAccepted(alert, next)),
        defer: (alert) => call('defer', alert.id, (each) => each.defer(alert)),
        armAgain: (alert, to) => call('armAgain', alert.id, (each) => each.armAgain(alert, to)),
        end: (alert, now) => call('end', alert.id, (each) => each.end(alert, now)),
        noteReceipts: (alert, next) => call('noteReceipts', alert.id, (each) => each.noteReceipts(alert, next)),
        readCheckpoint: () => call('readCheckpoint', '', (each) => each.readCheckpoint()),
        writeCheckpoint: (next) => call('writeCheckpoint', '', (each) => each.writeCheckpoint(next)),
        // No scene has a users' tab.
        readUsers: () => store.readUsers(),
        writeUsers: (settings) => store.writeUsers(settings),
        claimNews: (key, runId) => call('claimNews', '', (each) => each.claimNews(key, runId)),
      };
    },

    close: async () => {
      client.destroy();
      await simulator.close();
    },
  };
}
