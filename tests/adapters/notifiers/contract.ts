import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Hono } from 'hono';
import type { Notification, SendOutcome } from '../../../src/adapters/notifiers/notification.js';
import type { Context } from '../../../src/adapters/notifiers/notifier.js';
import { type ChannelName, notifierOf } from '../../../src/adapters/notifiers/registry.js';
import { createTransport, type Transport } from '../../../src/adapters/notifiers/transport.js';
import { type Answer, createTraffic, type SimulatorEnv, type Traffic } from '../../../src/simulators/faults.js';
import { serveSimulator } from '../../../src/simulators/loopback.js';
import { at } from '../../support/builders.js';
import { shownEverywhere } from '../../support/fake-secret.js';
import { oneForAll } from '../../support/lifetime.js';

/** What people got, as they read it: escapes undone. */
export interface Seen {
  readonly title: string;
  readonly text: string;
  readonly isSilent: boolean;
  /** In the service's own terms. */
  readonly urgency?: unknown;
  /** Somebody named in a text is rung. */
  readonly pings?: boolean;
}

/** What is made of a service's simulator. */
interface Service<State> {
  readonly simulator: (state: State, traffic: Traffic, now: () => number) => Hono<SimulatorEnv>;
  /** Nothing received, nothing refused. */
  readonly fresh: () => State;
  seen(state: State): readonly Seen[];
  reachedAt(url: string): Pick<Stage<State>, 'origin' | 'account' | 'address' | 'keys'>;
}

/** A notifier's simulator, ready to be sent to. */
export interface Stage<State> {
  readonly state: State;
  readonly traffic: Traffic;
  readonly origin: string;
  readonly account: unknown;
  readonly address: unknown;
  /** What no outcome may show. */
  readonly keys: readonly string[];
  seen(): readonly Seen[];
  /** Moves the service's clock. */
  wait(ms: number): void;
  /** As new, and an hour later, so that no limit is left of what was sent before. */
  reset(): void;
  close(): Promise<void>;
}

interface Expectation {
  readonly kind: SendOutcome['kind'];
  readonly whose?: 'account' | 'user' | 'message';
  readonly isGone?: boolean;
}

/** `given`: what differs from the fresh state. */
export interface Contract<State> extends Service<State> {
  readonly channel: ChannelName;
  readonly refusals: readonly (Expectation & { readonly name: string; readonly given: Partial<State> })[];
  /** The next message comes too soon, with the wait that the service named. */
  readonly limited: Expectation & {
    readonly given: Partial<State>;
    readonly until?: number;
    readonly resetsAt?: number;
  };
  /** What `urgent`, `high` and `normal` become in the service's own terms. */
  readonly urgency: { readonly urgent: unknown; readonly high: unknown; readonly normal: unknown };
  readonly isSilenceKnown: boolean;
  /** Any 2xx is an acceptance, a body is not looked at, and a redirect is the receiver's fault. */
  readonly answersByStatus?: true;
  readonly checks: { readonly account: readonly string[]; readonly address: string };
}

export const now = at('12:05');

export const notification: Notification = {
  id: 'fire-1',
  kind: 'fired',
  title: 'BTCUSDT above 95000',
  lines: ['touched 95180.00 at 12:04 UTC, now 95120.00', 'binance:BTCUSDT'],
  happenedAt: at('12:04'),
  priority: 'normal',
  isSilent: false,
  direction: 'up',
  facts: { symbol: 'BTCUSDT', price: '95180.00' },
};

/** For a notifier of any account and address: the test gives it the right ones. */
export const contextOf = (
  { origin, account, address }: Pick<Stage<unknown>, 'origin' | 'account' | 'address'>,
  transport: Transport = createTransport({ timeoutMs: 10_000 }),
): Context<never, never> => ({
  transport,
  origin,
  account: account as never,
  address: address as never,
  places: { account: 'the.account', address: 'users.dmitry' },
  now: () => now,
});

async function startStage<State extends object>(service: Service<State>): Promise<Stage<State>> {
  const state = service.fresh();
  const traffic = createTraffic();
  let later = 0;
  const served = await serveSimulator(
    service.simulator(state, traffic, () => now + later),
    traffic,
  );
  const wait = (ms: number) => {
    later += ms;
  };
  return {
    ...service.reachedAt(served.url),
    state,
    traffic,
    seen: () => service.seen(state),
    wait,
    reset: () => {
      wait(3_600_000);
      Object.assign(state, service.fresh());
    },
    close: served.close,
  };
}

const opened: Stage<unknown>[] = [];

/** A stage for one test, closed after it whatever becomes of the test. */
export async function opening<State extends object>(service: Service<State>): Promise<Stage<State>> {
  const stage = await startStage(service);
  opened.push(stage);
  return stage;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((stage) => stage.close()));
});

const page: Answer = { status: 200, body: '<html><h1>Bad Gateway</h1></html>' };
const hostile =
  'a <b>bold</b> & <i> &amp; *star* _under_ `code` ~tilde~ @everyone <!channel> <@123> [x](http://y) > # $1 \\';

/** Ten characters of a key are a leak; so is the whole of a shorter one. */
function leakedKeys(value: unknown, keys: readonly string[]): string[] {
  const shown = shownEverywhere(value);
  return keys.filter((key) => {
    if (key.length <= 10) return shown.includes(key);
    for (let start = 0; start + 10 <= key.length; start += 1)
      if (shown.includes(key.slice(start, start + 10))) return true;
    return false;
  });
}

/** In every field in which any of the services speaks, a repetition of the whole request. */
function echo(
  status: number,
  { path, query, body }: { path: string; query: string; body: string },
  keys: readonly string[],
): Answer[] {
  const words = `Bad Request: ${path}?${query} ${decodeURIComponent(body)} ${keys.join(' chat ')} ${keys.join(';')}`;
  const all = {
    ok: false,
    error_code: status,
    description: words,
    message: words,
    error: words,
    errors: [words],
    code: 10015,
    http: status,
  };
  return [
    { status, body: { ...all, status: 0 } },
    {
      status,
      body: { ...all, status: 0, code: 40009, token: 'invalid', parameters: { migrate_to_chat_id: -1009999999999 } },
    },
    { status, body: { ...all, status: 0, user: 'invalid', receipt: words } },
    { status, body: words.replaceAll(/\W+/g, '_').toLowerCase() },
    { status, body: `<html>${words}</html>` },
  ];
}

/** What every notifier keeps to, whatever its service. */
export function describeNotifier<State extends object>(contract: Contract<State>): void {
  const notifier = notifierOf(contract.channel);
  const stage = oneForAll(() => startStage(contract));
  beforeEach(() => {
    stage.reset();
    stage.traffic.fault = () => undefined;
    stage.traffic.requests.length = 0;
  });
  const send = (changes: Partial<Notification> = {}, transport?: Transport) =>
    notifier.send(contextOf(stage, transport), { ...notification, ...changes });

  test('whether an address of it can be gone for good is said beforehand', () => {
    expect(notifier.endsAddresses === true).toBe(contract.refusals.some(({ isGone }) => isGone));
  });

  describe('a message', () => {
    test('is accepted and reads as it was written', async () => {
      expect(notifier.fits(notification)).toBe(true);
      expect(await send()).toMatchObject({ kind: 'accepted' });
      expect(stage.seen()).toMatchObject([
        { title: notification.title, text: notification.lines.join('\n'), isSilent: false },
      ]);
      expect(stage.traffic.requests).toHaveLength(1);
    });

    test('may hold anything that a cell may: nothing is formatted, nobody is rung', async () => {
      expect(await send({ title: hostile, lines: [hostile, '> # - not a list', hostile] })).toMatchObject({
        kind: 'accepted',
      });
      const [seen] = stage.seen();
      expect(seen).toMatchObject({ title: hostile, text: [hostile, '> # - not a list', hostile].join('\n') });
      expect(seen?.pings ?? false).toBe(false);
    });

    test.each([
      { name: 'emoji', piece: '🚀' },
      { name: 'signs that are escaped', piece: '<&>' },
      { name: 'marks', piece: '*_`' },
      { name: 'Cyrillic', piece: 'цена ' },
      { name: 'an emoji of several parts', piece: '👩‍👩‍👧‍👦' },
    ])('that is too long is cut between characters: $name', async ({ piece }) => {
      const long = { title: piece.repeat(2_000), lines: [piece.repeat(9_000)] };
      expect(notifier.fits({ ...notification, ...long })).toBe(false);
      for (let shift = 0; shift < 3; shift += 1) {
        const shifted = { title: 'x'.repeat(shift) + long.title, lines: ['x'.repeat(shift) + long.lines[0]] };
        stage.reset();
        expect(await send(shifted)).toMatchObject({ kind: 'accepted' });
        const [seen] = stage.seen();
        for (const [part, whole] of [
          [seen?.title, shifted.title],
          [seen?.text, shifted.lines[0]],
        ]) {
          expect(part).toMatch(/…$/);
          expect(part).not.toMatch(/\p{Cs}/u);
          expect(whole?.startsWith(part?.slice(0, -1) ?? 'nothing')).toBe(true);
        }
      }
    });

    test('that holds half a character or a control code is mended', async () => {
      expect(await send({ title: 'half \ud83d', lines: ['bell \u0007 nul \u0000 end'] })).toMatchObject({
        kind: 'accepted',
      });
      expect(stage.seen()).toMatchObject([{ title: 'half \uFFFD', text: 'bell   nul   end' }]);
    });

    test('may have no lines', async () => {
      expect(await send({ lines: [] })).toMatchObject({ kind: 'accepted' });
      expect(stage.seen()).toMatchObject([{ title: notification.title }]);
    });
  });

  describe('how loud it is', () => {
    test.each([
      { name: 'low is silent', changes: { priority: 'low' as const } },
      { name: 'silent is silent, whatever the priority', changes: { isSilent: true } },
    ])('$name', async ({ changes }) => {
      expect(await send(changes)).toMatchObject({ kind: 'accepted' });
      expect(stage.seen().map(({ isSilent }) => isSilent)).toEqual([contract.isSilenceKnown]);
      expect(notifier.can.silent === 'no').toBe(!contract.isSilenceKnown);
    });

    test.each(['urgent', 'high', 'normal'] as const)('%s', async (priority) => {
      const outcome = await send({ priority });
      expect(outcome).toMatchObject({ kind: 'accepted' });
      expect(stage.seen()).toMatchObject([{ isSilent: false }]);
      expect(stage.seen().map(({ urgency }) => urgency)).toEqual([contract.urgency[priority]]);
      const hasReceipt = outcome.kind === 'accepted' && outcome.receipt !== undefined;
      expect(hasReceipt).toBe(priority === 'urgent' && notifier.can.urgent === 'until-acknowledged');
    });
  });

  describe('a definite refusal', () => {
    test.each(contract.refusals)('$name', async ({ given, kind, whose, isGone = false }) => {
      Object.assign(stage.state, given);
      const expected = kind === 'rejected' ? { kind, whose, isGone } : { kind, whose };
      expect(await send()).toMatchObject({
        ...expected,
        problem: { detail: expect.any(String), remedy: expect.any(String) },
      });
      expect(stage.seen()).toEqual([]);
    });

    test('by something in between is no fault of a key', async () => {
      stage.traffic.fault = () => ({ outcome: { ...page, status: 403 } });
      const whose = contract.answersByStatus ? 'user' : 'message';
      expect(await send()).toMatchObject({ kind: 'rejected', whose, isGone: false });
    });
  });

  test('too many messages wait for as long as the service says', async () => {
    const { given, ...expected } = contract.limited;
    Object.assign(stage.state, given);
    expect(await send()).toMatchObject(expected);
    expect(stage.seen()).toEqual([]);
  });

  describe('it is not known whether it arrived', () => {
    test.each([500, 502, 503, 504, 599])('after HTTP %i', async (status) => {
      stage.traffic.fault = () => ({ outcome: { ...page, status } });
      expect(await send()).toMatchObject({ kind: 'unknown' });
      expect(stage.traffic.requests).toHaveLength(1);
    });

    test.each(['reset', 'lose-answer'] as const)('after the connection broke: %s', async (outcome) => {
      stage.traffic.fault = () => ({ outcome });
      expect(await send()).toMatchObject({ kind: 'unknown' });
      expect(stage.seen()).toHaveLength(outcome === 'reset' ? 0 : 1);
      expect(stage.traffic.requests).toHaveLength(1);
    });

    test('after silence', async () => {
      // On a busy machine the request may reach the server after its time: not the one of the next test.
      const silent = await opening(contract);
      silent.traffic.fault = () => ({ outcome: 'hang' });
      const outcome = await notifier.send(contextOf(silent, createTransport({ timeoutMs: 30 })), notification);
      expect(outcome).toMatchObject({
        kind: 'unknown',
        problem: { detail: expect.stringContaining('no answer within 30 ms') },
      });
    });

    if (contract.answersByStatus === undefined) {
      test('after half an answer', async () => {
        stage.traffic.fault = () => ({ outcome: 'truncate' });
        expect(await send()).toMatchObject({ kind: 'unknown' });
        expect(stage.seen()).toHaveLength(1);
      });

      test.each<{ name: string; answer: Answer }>([
        { name: 'a page', answer: page },
        { name: 'nothing', answer: { status: 200, body: '' } },
        { name: 'other JSON', answer: { status: 200, body: {} } },
        {
          name: 'another status of success',
          answer: { status: 202, body: { ok: true, status: 1, id: 'x', event: 'message' } },
        },
      ])('after $name in place of the answer', async ({ answer }) => {
        stage.traffic.fault = () => ({ outcome: answer });
        expect(await send()).toMatchObject({ kind: 'unknown' });
      });
    }
  });

  test('a redirect is never followed', async () => {
    stage.traffic.fault = () => ({ outcome: { ...page, status: 307, headers: { location: '/elsewhere' } } });
    const expected = contract.answersByStatus
      ? { kind: 'rejected', whose: 'user', isGone: false }
      : { kind: 'unknown' };
    expect(await send()).toMatchObject(expected);
    expect(stage.traffic.requests).toHaveLength(1);
  });

  describe('without sending', () => {
    test('the account and the address are looked up as far as the service lets us', async () => {
      const context = contextOf(stage);
      const account = await notifier.checkAccount(context);
      expect(account.map(({ kind }) => kind)).toEqual(contract.checks.account);
      expect((await notifier.checkAddress(context)).kind).toBe(contract.checks.address);
      expect(stage.seen()).toEqual([]);
    });

    test('an outage says nothing against either', async () => {
      for (const outcome of [{ ...page, status: 503 }, 'reset', page] as const) {
        stage.traffic.fault = () => ({ outcome });
        const context = contextOf(stage);
        const results = [...(await notifier.checkAccount(context)), await notifier.checkAddress(context)];
        expect(results.map(({ kind }) => kind).filter((kind) => kind === 'wrong' || kind === 'right')).toEqual([]);
      }
    });
  });

  describe('no outcome shows a key', () => {
    const statuses = [200, 202, 302, 400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502];
    test.each(statuses)('not even where an answer with HTTP %i repeats the request', async (status) => {
      const answered = echo(status, { path: '', query: '', body: '' }, []).length;
      const outcomes: unknown[] = [];
      for (let position = 0; position < answered; position += 1) {
        stage.traffic.fault = (request) => {
          const outcome = echo(status, request, stage.keys)[position];
          return outcome === undefined ? undefined : { outcome };
        };
        const context = contextOf(stage);
        outcomes.push(await send(), await notifier.checkAccount(context), await notifier.checkAddress(context));
        outcomes.push(await notifier.findAddresses?.(context).then((found) => (found.ok ? [] : found.error)));
        outcomes.push(
          await notifier.receipts?.read(context, 'receipt'),
          await notifier.receipts?.cancel(context, 'receipt'),
        );
      }
      expect(stage.traffic.requests.length).toBeGreaterThanOrEqual(answered);
      expect(leakedKeys(outcomes, stage.keys)).toEqual([]);
    });

    test('nor where nothing answers', async () => {
      const transport = createTransport({ timeoutMs: 5_000 });
      const outcomes: unknown[] = [];
      for (const outcome of ['reset', 'truncate'] as const) {
        stage.traffic.fault = () => ({ outcome });
        const context = contextOf(stage, transport);
        outcomes.push(
          await send({}, transport),
          await notifier.checkAccount(context),
          await notifier.checkAddress(context),
        );
      }
      expect(leakedKeys(outcomes, [...stage.keys, '127.0.0.1'])).toEqual([]);
    });
  });
}
