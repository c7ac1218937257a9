import type { Alert } from '../../src/domain/alert.js';
import type { Cell } from '../../src/domain/columns.js';
import {
  alertAfter,
  armAgain,
  claim,
  commit,
  defer,
  end,
  noteAccepted,
  noteReceipts,
  type Outbox,
  outboxOf,
  type Transition,
  takeOver,
} from '../../src/domain/delivery/transition.js';
import { type ChangeRecord, type FireRecord, historyId, mergedOutcomes } from '../../src/domain/history.js';
import type { Message } from '../../src/domain/message.js';
import { ok } from '../../src/domain/result.js';
import type { UserSettings } from '../../src/domain/users.js';
import { createCandleHistory } from '../../src/flows/candle-history.js';
import type { AlertStore, Checkpoint } from '../../src/flows/ports/alert-store.js';
import type { History } from '../../src/flows/ports/history.js';
import type { Notifiers } from '../../src/flows/ports/notifiers.js';
import type { Ports } from '../../src/flows/ports/ports.js';
import type { PriceSource } from '../../src/flows/ports/price-source.js';
import type { Sheet } from '../../src/flows/ports/sheet.js';
import type { Run } from '../../src/flows/run.js';
import type { KeptSummary } from '../../src/flows/summary.js';
import { type Notifier, oneChannel } from './one-channel.js';

export interface MemoryStore extends AlertStore {
  /** What is stored, past the store's own rules. */
  readonly alerts: Map<string, Alert>;
  checkpoint: Checkpoint | undefined;
  users: readonly UserSettings[];
  summary: KeptSummary | undefined;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A map with the table's conditions: every write must find what it expects, or its own earlier self. */
export function createMemoryStore(): MemoryStore {
  const alerts = new Map<string, Alert>();
  const news = new Map<string, string>();
  const notifying = (alert: Alert | undefined) => (alert?.status === 'notifying' ? alert : undefined);
  function move(id: string, transition: Transition): Alert | undefined {
    const known = alerts.get(id);
    if (known === undefined) return undefined;
    const found = outboxOf(known);
    const isFound = (state: Partial<Outbox>) =>
      Object.entries(state).every(([field, value]) => isSame(found[field as keyof Outbox], value));
    if (![...transition.expected, transition.next].some(isFound)) return undefined;
    const moved = alertAfter(known, transition);
    alerts.set(id, moved);
    return moved;
  }
  const store: MemoryStore = {
    alerts,
    checkpoint: undefined,
    users: [],
    summary: undefined,
    list: async () => ({ alerts: [...alerts.values()].filter(({ status }) => status !== 'expired'), unreadable: [] }),
    get: async (id) => alerts.get(id),
    async create(alert) {
      const known = alerts.get(alert.id);
      if (known !== undefined) return isSame(known, alert);
      alerts.set(alert.id, alert);
      return true;
    },
    async change({ previous, next }) {
      const known = alerts.get(previous.id);
      if (known === undefined || known.status === 'notifying') return false;
      if (isSame(known, next)) return true;
      if (known.status !== previous.status || known.armedAt !== previous.armedAt) return false;
      if (known.overAt !== previous.overAt) return false;
      alerts.set(next.id, next.armedAt === known.armedAt ? { ...next, memory: known.memory } : next);
      return true;
    },
    async remember(alert, memory) {
      const known = alerts.get(alert.id);
      if (known?.status !== 'pending' || !known.active || known.armedAt !== alert.armedAt) return false;
      if (isSame(known.memory, memory)) return true;
      if (!isSame(known.memory, alert.memory)) return false;
      alerts.set(alert.id, { ...known, memory });
      return true;
    },
    claim: async (alert, delivery) => notifying(move(alert.id, claim(alert, delivery))),
    async takeOver(alert, lease) {
      const transition = takeOver(alert, lease);
      return transition && notifying(move(alert.id, transition));
    },
    commit: async (alert, now) => move(alert.id, commit(alert, now)) !== undefined,
    noteAccepted: async (alert, next) => move(alert.id, noteAccepted(alert, next)) !== undefined,
    defer: async (alert) => move(alert.id, defer(alert)) !== undefined,
    armAgain: async (alert, to) => move(alert.id, armAgain(alert, to)) !== undefined,
    end: async (alert, now) => move(alert.id, end(alert, now)) !== undefined,
    noteReceipts: async (alert, receipts) => move(alert.id, noteReceipts(alert, receipts)) !== undefined,
    readCheckpoint: async () => store.checkpoint,
    async writeCheckpoint(checkpoint) {
      store.checkpoint = checkpoint;
    },
    readUsers: async () => store.users,
    async writeUsers(settings) {
      store.users = settings;
    },
    readSummary: async () => store.summary,
    async saveSummary(kept) {
      store.summary = kept;
    },
    async claimNews(key, runId) {
      if (!news.has(key)) news.set(key, runId);
      return news.get(key) === runId;
    },
  };
  return store;
}

/** As the table keeps it: a record by its id, and a fire that is written again added to. */
export function createMemoryHistory(): History {
  const records = new Map<string, FireRecord | ChangeRecord>();
  const fireAt = (id: string) => {
    const known = records.get(id);
    return known?.kind === 'fired' ? known : undefined;
  };
  return {
    async noteFire(fire) {
      const id = historyId(fire);
      records.set(id, { ...fire, channels: mergedOutcomes(fireAt(id)?.channels ?? [], fire.channels) });
    },
    async noteChanges(changes) {
      for (const change of changes) records.set(historyId(change), change);
    },
    async noteAcknowledged({ claimedAt, fireId, channel, at }) {
      const id = historyId({ at: claimedAt, fireId });
      const fire = fireAt(id);
      if (fire === undefined) return false;
      const channels = fire.channels.map((each) =>
        each.channel === channel && each.outcome === 'accepted' ? { ...each, acknowledgedAt: at } : each,
      );
      records.set(id, { ...fire, channels });
      return true;
    },
    async read({ from, to, alertId, user, atMost = records.size }) {
      const wanted = [...records.values()].filter(({ at, alert }) =>
        [at >= from && at < to, alert.id === (alertId ?? alert.id), alert.user === (user ?? alert.user)].every(Boolean),
      );
      const sorted = wanted.toSorted((a, b) => (historyId(a) < historyId(b) ? -1 : 1));
      return { records: atMost === 0 ? [] : sorted.slice(-atMost), unreadable: [] };
    },
  };
}

/** Takes every push at once. */
export function createRecordingPhone(): Notifier & { readonly received: Message[] } {
  const received: Message[] = [];
  return {
    received,
    pushesAtATime: 2,
    users: async () => undefined,
    tokenFingerprint: async () => undefined,
    async push(message) {
      received.push(message);
      return ok(undefined);
    },
  };
}

/** The header row first; put other rows in at any time. */
export function createTableSheet(header: readonly Cell[]): Sheet & { rows: readonly (readonly Cell[])[] } {
  const sheet = { rows: [] as readonly (readonly Cell[])[], read: async () => ok([header, ...sheet.rows]) };
  return sheet;
}

/** What is not given is silent or counts up. */
export function createMemoryPorts(given: {
  exchanges: readonly PriceSource[];
  now: () => number;
  store?: AlertStore;
  history?: History;
  sheet?: Sheet;
  /** The one channel there is, unless there are `notifiers`. */
  notifier?: Notifier;
  notifiers?: Notifiers;
}): Ports {
  const nothing = () => undefined;
  let ids = 0;
  return {
    store: createMemoryStore(),
    sheet: createTableSheet(['symbol', 'condition', 'price']),
    history: createMemoryHistory(),
    candleHistory: createCandleHistory(),
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    metrics: nothing,
    fanOutThreshold: 200,
    timeZone: 'UTC',
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    ...given,
    notifiers: given.notifiers ?? oneChannel(given.notifier ?? createRecordingPhone()),
  };
}

export const runOf = (overrides: Partial<Run> = {}): Run => ({
  runId: 'run',
  startedAt: 0,
  isDryRun: false,
  requestsAtATime: 10,
  hasTime: () => true,
  ...overrides,
});
