import type { Alert, NotifyingAlert } from '../../src/domain/alert.js';
import type { Cell } from '../../src/domain/columns.js';
import { leaseMs } from '../../src/domain/delivery/backoff.js';
import type { Message } from '../../src/domain/message.js';
import { ok } from '../../src/domain/result.js';
import type { AlertStore, Checkpoint, Notifier, Ports, PriceSource, Sheet } from '../../src/flows/ports.js';
import type { Run } from '../../src/flows/run.js';

export interface MemoryStore extends AlertStore {
  /** What is stored, past the store's own rules. */
  readonly alerts: Map<string, Alert>;
  checkpoint: Checkpoint | undefined;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A map with the table's conditions: every write must find what it expects, or its own earlier self. */
export function createMemoryStore(): MemoryStore {
  const alerts = new Map<string, Alert>();
  const news = new Map<string, string>();
  const notifying = (id: string): NotifyingAlert | undefined => {
    const alert = alerts.get(id);
    return alert?.status === 'notifying' ? alert : undefined;
  };
  const store: MemoryStore = {
    alerts,
    checkpoint: undefined,
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
      alerts.set(next.id, next);
      return true;
    },
    async claim(alert, delivery) {
      const known = alerts.get(alert.id);
      if (known?.status === 'notifying' && isSame(known.delivery, delivery)) return known;
      if (known?.status !== 'pending' || !known.active || known.armedAt !== alert.armedAt) return undefined;
      const claimed: NotifyingAlert = { ...known, status: 'notifying', delivery };
      alerts.set(alert.id, claimed);
      return claimed;
    },
    async takeOver(alert, { runId, now }) {
      const known = notifying(alert.id);
      if (known === undefined || !isSame(known.delivery, alert.delivery)) return undefined;
      const { leaseUntil, nextAttemptAt, isPossibleRepeat, attempts } = known.delivery;
      if ((leaseUntil ?? 0) >= now || (nextAttemptAt ?? 0) > now) return undefined;
      const delivery = {
        ...known.delivery,
        attempts: attempts + 1,
        leaseBy: runId,
        leaseUntil: now + leaseMs,
        nextAttemptAt: undefined,
        isPossibleRepeat: isPossibleRepeat || leaseUntil !== undefined,
      };
      const taken: NotifyingAlert = { ...known, delivery };
      alerts.set(alert.id, taken);
      return taken;
    },
    async commit(alert, now) {
      const known = notifying(alert.id);
      if (known?.delivery.fireId !== alert.delivery.fireId) return false;
      const { delivery: _, ...rest } = known;
      const triggeredCount = alert.triggeredCount + 1;
      alerts.set(alert.id, { ...rest, status: 'triggered', triggeredAt: now, triggeredCount });
      return true;
    },
    async defer(alert, failure) {
      const known = notifying(alert.id);
      const { fireId, attempts } = alert.delivery;
      if (known?.delivery.fireId !== fireId || known.delivery.attempts !== attempts) return false;
      alerts.set(alert.id, { ...known, delivery: { ...known.delivery, ...failure, leaseUntil: undefined } });
      return true;
    },
    readCheckpoint: async () => store.checkpoint,
    async writeCheckpoint(checkpoint) {
      store.checkpoint = checkpoint;
    },
    async claimNews(key, runId) {
      if (!news.has(key)) news.set(key, runId);
      return news.get(key) === runId;
    },
  };
  return store;
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
  sheet?: Sheet;
  notifier?: Notifier;
}): Ports {
  const nothing = () => undefined;
  let ids = 0;
  return {
    store: createMemoryStore(),
    sheet: createTableSheet(['symbol', 'condition', 'price']),
    notifier: createRecordingPhone(),
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    metrics: nothing,
    fanOutThreshold: 200,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    ...given,
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
