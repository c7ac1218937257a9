import { describe, expect, test } from '@jest/globals';
import { pushover } from '../../../src/adapters/notifiers/pushover.js';
import { createTraffic } from '../../../src/simulators/faults.js';
import { serveSimulator } from '../../../src/simulators/loopback.js';
import { type PushoverState, pushoverSimulator } from '../../../src/simulators/pushover.js';
import { fakeKey } from '../../support/fake-secret.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening, type Stage } from './contract.js';
import { answering, testOverRecordings } from './recorded.js';

const token = fakeKey('Token');
const user = fakeKey('User');
const resetsAt = 1_796_083_200;

interface PushoverStage extends Stage {
  readonly state: PushoverState;
  /** Moves the service's clock. */
  wait(seconds: number): void;
}
type Sending = Parameters<typeof pushover.send>[0];

async function start(): Promise<PushoverStage> {
  const state: PushoverState = {
    token,
    users: new Set(),
    received: [],
    urgent: new Map(),
    limit: 10_000,
    remaining: 10_000,
    resetsAt,
  };
  const traffic = createTraffic();
  let later = 0;
  const served = await serveSimulator(
    pushoverSimulator(state, traffic, () => now + later),
    traffic,
  );
  return {
    state,
    traffic,
    origin: served.url,
    account: { token },
    address: user,
    keys: [token, user],
    wait: (seconds) => {
      later += seconds * 1000;
    },
    seen: () =>
      state.received.map(({ title, message, fields }) => ({
        title,
        text: message,
        isSilent: Number(fields.priority) < 0,
        urgency: fields.priority,
      })),
    reset: () => {
      state.token = token;
      state.users.add(user);
      state.received.length = 0;
      state.urgent.clear();
      state.remaining = 10_000;
    },
    limit: () => {
      state.remaining = 0;
    },
    close: served.close,
  };
}

const contract: Contract<PushoverStage> = {
  channel: 'pushover',
  start,
  refusals: [
    {
      name: 'of the token',
      kind: 'rejected',
      whose: 'account',
      given: ({ state }) => {
        state.token = fakeKey('Another');
      },
    },
    { name: "of the user's key", kind: 'rejected', whose: 'user', given: ({ state }) => state.users.clear() },
  ],
  limited: { kind: 'quota-exceeded', whose: 'account', resetsAt: resetsAt * 1000 },
  urgency: { urgent: '2', high: '1', normal: '0' },
  isSilenceKnown: true,
  checks: { account: ['right', 'right'], address: 'right' },
};

describe('pushover', () => {
  describeNotifier(contract);

  async function staged(work: (stage: PushoverStage, context: Sending) => Promise<void>): Promise<void> {
    const stage = await opening(start);
    await work(stage, contextOf(stage) as Sending);
  }

  test('a push is one form with the token, the key and the message', () =>
    staged(async (stage, context) => {
      await pushover.send(context, notification);
      await pushover.send(context, { ...notification, priority: 'urgent' });
      const form = {
        title: notification.title,
        message: notification.lines.join('\n'),
        timestamp: String(notification.happenedAt / 1000),
      };
      const forms = stage.traffic.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
      expect(forms).toEqual([
        { token, user, ...form, priority: '0' },
        { token, user, ...form, priority: '2', retry: '60', expire: '3600', tags: 'fire-1' },
      ]);
    }));

  const urgent = { ...notification, priority: 'urgent' as const };
  const receiptOf = async (context: Sending): Promise<string> => {
    const sent = await pushover.send(context, urgent);
    return (sent.kind === 'accepted' && sent.receipt) || 'none';
  };

  test('an urgent one waits, and is acknowledged whatever is said of its end', () =>
    staged(async ({ state, wait }, context) => {
      const receipt = await receiptOf(context);
      expect(await pushover.receipts?.read(context, receipt)).toEqual({ kind: 'waiting' });
      wait(120);
      const push = state.urgent.get(receipt);
      if (push !== undefined) push.acknowledgedAt = now / 1000 + 90;
      expect(await pushover.receipts?.read(context, receipt)).toEqual({ kind: 'acknowledged', at: now + 90_000 });
    }));

  test.each<{ name: string; end: (context: Sending, receipt: string, stage: PushoverStage) => Promise<unknown> }>([
    { name: 'cancelled by its receipt', end: async (context, receipt) => pushover.receipts?.cancel(context, receipt) },
    { name: 'cancelled by its id', end: async (context) => pushover.receipts?.cancelByNotification(context, 'fire-1') },
    { name: 'rung to its end', end: async (_context, _receipt, { wait }) => wait(3_601) },
    { name: 'forgotten', end: async (_context, _receipt, { state }) => state.urgent.clear() },
  ])('an urgent one that is $name is over', ({ end }) =>
    staged(async (stage, context) => {
      const receipt = await receiptOf(context);
      expect(await end(context, receipt, stage)).toBe(undefined);
      expect(await pushover.receipts?.read(context, receipt)).toEqual({ kind: 'expired' });
      // Once more does no harm.
      expect(await pushover.receipts?.cancel(context, receipt)).toBe(undefined);
      expect(await pushover.receipts?.cancelByNotification(context, 'fire-1')).toBe(undefined);
    }),
  );

  test('a receipt that cannot be read now is not over', () =>
    staged(async (stage, context) => {
      const receipt = await receiptOf(context);
      for (const outcome of [
        'reset',
        { status: 500, body: '' },
        { status: 200, body: '<html>' },
        { status: 429, body: {} },
      ] as const) {
        stage.traffic.fault = () => ({ outcome });
        expect(await pushover.receipts?.read(context, receipt)).toMatchObject({ kind: 'unknown' });
        expect(await pushover.receipts?.cancel(context, receipt)).toMatchObject({ detail: expect.any(String) });
      }
      stage.traffic.fault = () => undefined;
      stage.state.token = 'another';
      expect(await pushover.receipts?.read(context, receipt)).toMatchObject({
        kind: 'unknown',
        problem: { remedy: 'check the.account in the secret' },
      });
    }));

  test('few messages left, none left and no device are told', () =>
    staged(async (stage, context) => {
      stage.state.remaining = 500;
      expect((await pushover.checkAccount(context))[1]).toMatchObject({
        kind: 'right',
        detail: '500 of 10000 messages left until 2026-12-01 00:00:00 UTC',
        remedy: expect.any(String),
      });
      stage.state.remaining = 0;
      expect((await pushover.checkAccount(context))[1]).toMatchObject({ kind: 'wrong' });
      stage.traffic.fault = () => ({ outcome: { status: 200, body: { status: 1, devices: [], group: 0 } } });
      expect(await pushover.checkAddress(context)).toMatchObject({ kind: 'wrong' });
    }));

  testOverRecordings(
    'pushover',
    'every recorded answer is taken for what it is',
    [
      'cancel_by_tag_200.json',
      'doc_error_user_invalid_400.json',
      'doc_success_200.json',
      'error_quota_exceeded_429.json',
      'error_receipt_not_found.json',
      'error_token_invalid_400.json',
      'error_user_invalid_current_400.json',
      'message_priority2_200.json',
      'mock_error_expire_missing_400.json',
      'mock_error_message_blank_400.json',
      'mock_sounds_200.json',
      'receipt_acknowledged.json',
      'receipt_waiting.json',
    ],
    async (all) => {
      const expected: Record<string, string> = {
        'cancel_by_tag_200.json': 'accepted',
        'doc_success_200.json': 'accepted',
        'doc_error_user_invalid_400.json': 'rejected user',
        'error_user_invalid_current_400.json': 'rejected user',
        'error_token_invalid_400.json': 'rejected account',
        'error_quota_exceeded_429.json': 'quota-exceeded account 1451628000000',
        'error_receipt_not_found.json': 'rejected message',
        'message_priority2_200.json': 'accepted rLqVuqTRh62UzxtmqiaLzQmVcPgiCy',
        'mock_error_expire_missing_400.json': 'rejected message',
        'mock_error_message_blank_400.json': 'rejected message',
        'mock_sounds_200.json': 'accepted',
        'receipt_acknowledged.json': 'accepted',
        'receipt_waiting.json': 'accepted',
      };
      const receiptStates: Record<string, object> = {
        'receipt_acknowledged.json': { kind: 'acknowledged', at: 1_593_975_206_000 },
        'receipt_waiting.json': { kind: 'expired' },
        'error_receipt_not_found.json': { kind: 'expired' },
      };
      for (const recorded of all) {
        const context = contextOf(
          { origin: 'http://127.0.0.1', account: { token }, address: user },
          answering(recorded),
        ) as Sending;
        const { kind, ...rest } = (await pushover.send(context, notification)) as {
          kind: string;
          whose?: string;
          resetsAt?: number;
          receipt?: string;
        };
        const came = [kind, rest.whose, rest.resetsAt, rest.receipt].filter((part) => part !== undefined).join(' ');
        expect({ file: recorded.file, came }).toEqual({ file: recorded.file, came: expected[recorded.file] });
        const state = receiptStates[recorded.file];
        if (state !== undefined) expect(await pushover.receipts?.read(context, 'r')).toEqual(state);
      }
      const waiting = all.find(({ file }) => file === 'receipt_waiting.json');
      if (waiting === undefined) return;
      const then = {
        ...(contextOf(
          { origin: 'http://127.0.0.1', account: { token }, address: user },
          answering(waiting),
        ) as Sending),
        now: () => 1_700_000_020_000,
      };
      expect(await pushover.receipts?.read(then, 'r')).toEqual({ kind: 'waiting' });
    },
  );
});
