import { describe, expect, test } from '@jest/globals';
import { pushover } from '../../../src/adapters/notifiers/pushover.js';
import { type PushoverState, pushoverSimulator } from '../../../src/simulators/pushover.js';
import { answerOf, captured, testCaptured } from '../../support/captured.js';
import { fakeKey } from '../../support/fake-secret.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening, type Stage } from './contract.js';
import { accepted, type Replayed, rejected, testReplays } from './replayed.js';

const token = fakeKey('Token');
const user = fakeKey('User');
const resetsAt = 1_796_083_200;

type Sending = Parameters<typeof pushover.send>[0];

const contract: Contract<PushoverState> = {
  channel: 'pushover',
  simulator: pushoverSimulator,
  fresh: () => ({
    token,
    users: new Set([user]),
    received: [],
    urgent: new Map(),
    limit: 10_000,
    remaining: 10_000,
    resetsAt,
  }),
  reachedAt: (url) => ({ origin: url, account: { token }, address: user, keys: [token, user] }),
  seen: ({ received }) =>
    received.map(({ title, message, fields: { priority } }) => ({
      title,
      text: message,
      isSilent: Number(priority) < 0,
      urgency: priority,
    })),
  refusals: [
    { name: 'of the token', given: { token: fakeKey('Another') }, kind: 'rejected', whose: 'account' },
    { name: "of the user's key", given: { users: new Set() }, kind: 'rejected', whose: 'user' },
  ],
  limited: { given: { remaining: 0 }, kind: 'quota-exceeded', whose: 'account', resetsAt: resetsAt * 1000 },
  urgency: { urgent: '2', high: '1', normal: '0' },
  isSilenceKnown: true,
  checks: { account: ['right', 'right'], address: 'right' },
};

describe('pushover', () => {
  describeNotifier(contract);

  async function staged(work: (stage: Stage<PushoverState>, context: Sending) => Promise<void>): Promise<void> {
    const stage = await opening(contract);
    await work(stage, contextOf(stage));
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
      wait(120_000);
      const push = state.urgent.get(receipt);
      if (push !== undefined) push.acknowledgedAt = now / 1000 + 90;
      expect(await pushover.receipts?.read(context, receipt)).toEqual({ kind: 'acknowledged', at: now + 90_000 });
    }));

  test.each<{
    name: string;
    end: (context: Sending, receipt: string, stage: Stage<PushoverState>) => Promise<unknown>;
  }>([
    { name: 'cancelled', end: async (context) => pushover.receipts?.cancel(context, 'fire-1') },
    { name: 'rung to its end', end: async (_context, _receipt, { wait }) => wait(3_601_000) },
    { name: 'forgotten', end: async (_context, _receipt, { state }) => state.urgent.clear() },
  ])('an urgent one that is $name is over', ({ end }) =>
    staged(async (stage, context) => {
      const receipt = await receiptOf(context);
      expect(await end(context, receipt, stage)).toBe(undefined);
      expect(await pushover.receipts?.read(context, receipt)).toEqual({ kind: 'expired' });
      // Once more does no harm.
      expect(await pushover.receipts?.cancel(context, 'fire-1')).toBe(undefined);
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
        expect(await pushover.receipts?.cancel(context, 'fire-1')).toMatchObject({ detail: expect.any(String) });
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

  const refusesKey = (words: string): Replayed => ({
    gives: rejected('user', `Pushover refuses the user's key (${words})`, 'correct users.dmitry in the secret'),
  });
  const refusesMessage = (words: string): Replayed => ({
    gives: rejected('message', `Pushover refuses the message (${words})`, 'shorten the name and notes of the row'),
  });
  const reads = (gives: object, at = now): Replayed => ({
    call: (context) => pushover.receipts?.read({ ...context, now: () => at }, 'r'),
    gives,
  });
  testReplays(contract, {
    'cancel_by_tag_200.json': { call: (context) => pushover.receipts?.cancel(context, 'fire-1'), gives: undefined },
    'doc_success_200.json': { gives: accepted() },
    'doc_error_user_invalid_400.json': refusesKey('user identifier is invalid'),
    'error_user_invalid_current_400.json': refusesKey(
      'user identifier is not a valid user, group, or subscribed user key, see …',
    ),
    'error_token_invalid_400.json': {
      gives: rejected(
        'account',
        'Pushover refuses the application (application token is invalid)',
        'correct the.account in the secret',
      ),
    },
    'error_quota_exceeded_429.json': {
      gives: {
        kind: 'quota-exceeded',
        whose: 'account',
        resetsAt: 1_451_628_000_000,
        problem: {
          detail: "Pushover's monthly quota is used up",
          remedy: 'buy more messages, or wait for its reset',
        },
      },
    },
    'error_receipt_not_found.json': reads({ kind: 'expired' }),
    'message_priority2_200.json': { gives: accepted('rLqVuqTRh62UzxtmqiaLzQmVcPgiCy') },
    'mock_error_expire_missing_400.json': refusesMessage('expire must be supplied with priority=2'),
    'mock_error_message_blank_400.json': refusesMessage('message cannot be blank'),
    'receipt_acknowledged.json': reads({ kind: 'acknowledged', at: 1_593_975_206_000 }),
    'receipt_waiting.json': reads({ kind: 'waiting' }, 1_700_000_020_000),
  });

  const receipts = ['pushover/receipt_waiting.json', 'pushover/error_receipt_not_found.json'];
  testCaptured('a recorded receipt is over when its time is, and one that is gone need not be ended', receipts, () =>
    staged(async (stage, context) => {
      const [waiting, unknown] = receipts.map((file) => answerOf(captured(file)));
      stage.traffic.fault = ({ method }) => {
        const outcome = method === 'GET' ? waiting : unknown;
        return outcome && { outcome };
      };
      expect(await pushover.receipts?.read(context, 'r')).toEqual({ kind: 'expired' });
      expect(await pushover.receipts?.cancel(context, 'fire-1')).toBe(undefined);
    }),
  );
});
