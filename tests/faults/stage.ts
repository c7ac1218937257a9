import { BatchWriteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createAlertStore } from '../../src/adapters/dynamodb/alert-store.js';
import { createHistory } from '../../src/adapters/dynamodb/history.js';
import { createTransport, type Transport } from '../../src/adapters/notifiers/transport.js';
import { createDoorbell } from '../../src/adapters/queue/doorbell.js';
import type { Alert, NotifyingAlert } from '../../src/domain/alert.js';
import { historyId } from '../../src/domain/history.js';
import type { AlertStore } from '../../src/flows/ports/alert-store.js';
import type { Doorbell } from '../../src/flows/ports/doorbell.js';
import type { History } from '../../src/flows/ports/history.js';
import type { Ports } from '../../src/flows/ports/ports.js';
import { createTraffic, type Traffic } from '../../src/simulators/faults.js';
import { serveSimulator } from '../../src/simulators/loopback.js';
import { type PushoverState, pushoverSimulator, type ReceivedPush } from '../../src/simulators/pushover.js';
import { checkpointAt } from '../support/builders.js';
import { itemOf } from '../support/dynamodb.js';
import { fakeKey } from '../support/fake-secret.js';
import { lostAnswer, type Operation } from './fault.js';
import { createSceneQueue, type SceneQueue } from './queue.js';
import { keysIn } from './recipients.js';
import { checkedAt, type Scene } from './scene.js';
import { aroundAttempts, freshRetries, openTable } from './table.js';
import type { Clock, Turns } from './turns.js';
import { tabSeen, usersId, usersItem } from './users-tab.js';
import { isWorker } from './workers.js';

/** The outside of the product, kept from scenario to scenario: one table, one Pushover. */
export interface Stage {
  readonly clock: Clock;
  readonly pushover: PushoverState;
  readonly traffic: Traffic;
  /** Which fire each accepted push told of. */
  readonly pushedFires: Map<ReceivedPush, ReadonlyMap<string, string>>;
  readonly pushoverUrl: string;
  readonly transport: Transport;
  /** Past all turns and faults. */
  readonly client: DynamoDBDocumentClient;
  readonly store: AlertStore;
  readonly history: History;
  readonly tableName: string;
  readonly queue: SceneQueue;
  /** The table holds these alerts and a checkpoint, the queue these rings, and nothing else; nobody remembers anything. */
  reset(scene: Scene): Promise<void>;
  /** The alerts whose items were spoilt are as they were before that. */
  mend(scene: Scene): Promise<void>;
  /** The store and the history as a run sees them: each attempt of each call waits for its turn. */
  storeFor(run: string, turns: Turns): Pick<Ports, 'store' | 'history'>;
  /** A ring waits for its turn, too. */
  doorbellFor(run: string, turns: Turns): Doorbell;
  close(): Promise<void>;
}

interface About {
  readonly alertId?: string;
  readonly fireId?: string;
}

const tableName = 'trading-alerts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const atOnce = 25;

const spoilt = (item: Readonly<Record<string, unknown>>, { damaged = {} }: Scene) => ({
  ...item,
  ...damaged[String(item.id)],
});

function throwLostAnswer(): never {
  throw lostAnswer();
}

export async function startStage(): Promise<Stage> {
  const clock: Clock = { now: checkedAt };
  const client = await openTable(tableName);
  const store = createAlertStore({ client, tableName });
  const historyBy = (each: DynamoDBDocumentClient) => createHistory({ client: each, tableName, keptDays: 400 });
  await store.writeCheckpoint(checkpointAt(checkedAt));
  const checkpoint = await client.send(new GetCommand({ TableName: tableName, Key: { id: '#checkpoint' } }));
  const pushover: PushoverState = {
    token: fakeKey('Token'),
    users: new Set(),
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
  const queue = createSceneQueue(() => clock.now);
  const known = new Set<string>();
  /** Ids of the history, as it stands. */
  const records = new Set<string>();
  const pushedFires = new Map<ReceivedPush, ReadonlyMap<string, string>>();

  return {
    clock,
    pushover,
    traffic,
    pushedFires,
    pushoverUrl: simulator.url,
    transport: createTransport({ timeoutMs: 10_000 }),
    client,
    store,
    history: historyBy(client),
    tableName,
    queue,

    async reset(scene) {
      const { stored, rung, setAside, settings } = scene;
      await freshRetries(client);
      await freshRetries(queue.client);
      queue.reset(rung, setAside);
      const kept = new Set(stored.map(({ id }) => id));
      const gone = [...known].filter((id) => !kept.has(id));
      for (const id of kept) known.add(id);
      for (const id of records) gone.push(id);
      records.clear();
      const users = settings && usersItem(settings);
      if (users === undefined) gone.push(usersId);
      const items = [
        { ...checkpoint.Item, ...(settings && tabSeen(settings)) },
        users ?? [],
        stored.map(itemOf),
      ].flat();
      const requests = [
        ...items.map((item) => ({ PutRequest: { Item: spoilt(item, scene) } })),
        ...gone.map((id) => ({ DeleteRequest: { Key: { id } } })),
      ];
      for (let from = 0; from < requests.length; from += atOnce) {
        const some = requests.slice(from, from + atOnce);
        await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: some } }));
      }
      pushover.received.length = 0;
      pushover.users.clear();
      for (const key of keysIn(scene)) pushover.users.add(key);
      pushedFires.clear();
      traffic.requests.length = 0;
    },

    async mend({ stored, damaged = {} }) {
      for (const alert of stored) {
        const attributes = Object.keys(damaged[alert.id] ?? {});
        if (attributes.length === 0) continue;
        const { Item = {} } = await client.send(new GetCommand({ TableName: tableName, Key: { id: alert.id } }));
        const was: Readonly<Record<string, unknown>> = itemOf(alert);
        for (const attribute of attributes) Item[attribute] = was[attribute];
        await client.send(new PutCommand({ TableName: tableName, Item }));
      }
    },

    storeFor(run, turns) {
      const callWith = <T>(
        operation: Operation,
        { alertId = '', fireId }: About,
        ask: (inTurn: DynamoDBDocumentClient) => Promise<T>,
      ): Promise<T> => {
        if (operation === 'create') known.add(alertId);
        const shared = { isCut: false };
        const about = { alertId, ...(fireId !== undefined && { fireId }) };
        const inTurn = aroundAttempts(client, (act) =>
          turns.take({ run, operation, ...about, call: shared, lost: throwLostAnswer, act }),
        );
        return turns.during(run, () => ask(inTurn));
      };
      const call = <T>(operation: Operation, about: About, ask: (inTurn: AlertStore) => Promise<T>): Promise<T> =>
        callWith(operation, about, (inTurn) => ask(createAlertStore({ client: inTurn, tableName })));
      const record = <T>(operation: Operation, about: About, ask: (inTurn: History) => Promise<T>): Promise<T> =>
        callWith(operation, about, (inTurn) => ask(historyBy(inTurn)));
      const of = ({ id }: Pick<Alert, 'id'>) => ({ alertId: id });
      const fireOf = ({ id, delivery }: NotifyingAlert) => ({ alertId: id, fireId: delivery.fireId });
      const ofStore: AlertStore = {
        list: () => call('list', {}, (each) => each.list()),
        get: (id) => call('get', { alertId: id }, (each) => each.get(id)),
        create: (alert) => call('create', of(alert), (each) => each.create(alert)),
        change: (change) => call('change', of(change.previous), (each) => each.change(change)),
        remember: (alert, memory) => call('remember', of(alert), (each) => each.remember(alert, memory)),
        claim: (alert, delivery) =>
          call('claim', fireOf({ ...alert, status: 'notifying', delivery }), (each) => each.claim(alert, delivery)),
        takeOver: (alert, lease) => call('takeOver', fireOf(alert), (each) => each.takeOver(alert, lease)),
        commit: (alert, now) => call('commit', fireOf(alert), (each) => each.commit(alert, now)),
        noteAccepted: (alert, next) => call('noteAccepted', fireOf(alert), (each) => each.noteAccepted(alert, next)),
        defer: (alert) => call('defer', fireOf(alert), (each) => each.defer(alert)),
        armAgain: (alert, to) => call('armAgain', of(alert), (each) => each.armAgain(alert, to)),
        end: (alert, now) => call('end', of(alert), (each) => each.end(alert, now)),
        noteReceipts: (alert, next) => call('noteReceipts', of(alert), (each) => each.noteReceipts(alert, next)),
        readCheckpoint: () => call('readCheckpoint', {}, (each) => each.readCheckpoint()),
        writeCheckpoint: (next) => call('writeCheckpoint', {}, (each) => each.writeCheckpoint(next)),
        // Of a check they never fail: it has the sheet's.
        readUsers: () =>
          isWorker(run)
            ? call('readUsers', {}, (each) => each.readUsers())
            : turns.during(run, () => store.readUsers()),
        writeUsers: (settings) => turns.during(run, () => store.writeUsers(settings)),
        // No run reads it.
        readSummary: () => store.readSummary(),
        saveSummary: (kept) => call('saveSummary', {}, (each) => each.saveSummary(kept)),
        claimNews: (key, runId) => call('claimNews', {}, (each) => each.claimNews(key, runId)),
      };
      const ofHistory: History = {
        noteFire(fire) {
          records.add(historyId(fire));
          return record('noteFire', { alertId: fire.alert.id, fireId: fire.fireId }, (each) => each.noteFire(fire));
        },
        noteChanges(changes) {
          for (const change of changes) records.add(historyId(change));
          return record('noteChanges', {}, (each) => each.noteChanges(changes));
        },
        noteAcknowledged: (seen) =>
          record('noteAcknowledged', { fireId: seen.fireId }, (each) => each.noteAcknowledged(seen)),
        // No run reads it.
        read: (query) => historyBy(client).read(query),
      };
      return { store: ofStore, history: ofHistory };
    },

    doorbellFor(run, turns) {
      /** Several batches may be on their way at a time, each a call of its own. */
      const send = (command: never) => {
        const shared = { isCut: false };
        const inTurn = aroundAttempts(queue.client, (act) =>
          turns.take({ run, operation: 'ring', alertId: '', call: shared, lost: throwLostAnswer, act }),
        );
        return turns.during(run, () => inTurn.send(command));
      };
      const inTurns = Object.create(queue.client, { send: { value: send } }) as typeof queue.client;
      return createDoorbell(inTurns, queue.queueUrl);
    },

    close: async () => {
      client.destroy();
      await simulator.close();
    },
  };
}
