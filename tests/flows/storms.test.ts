import { describe, expect, test } from '@jest/globals';
import type { NotifyingAlert, WaitingAlert } from '../../src/domain/alert.js';
import { leaseMs } from '../../src/domain/delivery/backoff.js';
import type { Notification } from '../../src/domain/delivery/notification.js';
import type { SendOutcome } from '../../src/domain/delivery/outcome.js';
import type { UserSettings } from '../../src/domain/users.js';
import { createDeliveries, type Deliveries } from '../../src/flows/deliver.js';
import type { Notifiers } from '../../src/flows/ports/notifiers.js';
import { createRecipients } from '../../src/flows/recipients.js';
import { at, notifyingAlert, pendingAlert, trigger } from '../support/builders.js';
import { createMemoryPorts, createMemoryStore, runOf } from '../support/in-memory.js';

const problem = { detail: 'in its own words', remedy: '' };
const accepted: SendOutcome = { kind: 'accepted', receipt: undefined };
const unknown: SendOutcome = { kind: 'unknown', until: undefined, problem };
const refusedText: SendOutcome = { kind: 'rejected', whose: 'message', isGone: false, problem };

interface Sent {
  readonly channel: string;
  readonly user: string;
  readonly notification: Notification;
}

/** The alerts that a notification names; the alerts here are named by their ids. A digest in brackets. */
function told({ kind, title, lines }: Notification): string {
  const nameOf = (line: string) => `${line.slice(0, line.indexOf(':'))}${/possible repeat/i.test(line) ? '?' : ''}`;
  if (kind === 'digest') return `[${lines.map(nameOf).join(' ')}]`;
  return nameOf(title) + (lines[0]?.startsWith('Possible repeat') ? '?' : '');
}

const settled = async () => {
  for (let turn = 0; turn < 8; turn += 1) await new Promise(setImmediate);
};

/** Users on some channels, which answer as the test says. A message holds `most` alerts. */
function stage(given: {
  answer?: (sent: Sent) => SendOutcome | Promise<SendOutcome>;
  channels?: readonly string[];
  most?: number;
  settings?: readonly UserSettings[];
}) {
  const { answer = () => accepted, channels = ['phone'], most = 50, settings = [] } = given;
  const store = createMemoryStore();
  const sent: Sent[] = [];
  const clock = { now: at('12:05'), hasTime: true };
  const notifiers: Notifiers = {
    channelNames: channels,
    users: async () => undefined,
    channelsOf: async () => channels,
    connections: () => ({ allowed: 2, per: 'address' }),
    fits: (_channel, { lines }) => lines.length <= most,
    async send(channel, user, notification) {
      sent.push({ channel, user, notification });
      return answer({ channel, user, notification });
    },
    accountFingerprint: async () => undefined,
    readReceipt: async () => ({ kind: 'waiting' }),
    cancel: async () => undefined,
  };
  const ports = createMemoryPorts({ exchanges: [], now: () => clock.now, store, notifiers });
  const begin = (): Deliveries =>
    createDeliveries(ports, runOf({ hasTime: () => clock.hasTime }), {}, createRecipients(ports, settings));
  function add<Kind extends WaitingAlert | NotifyingAlert>(alert: Kind): Kind {
    store.alerts.set(alert.id, alert);
    return alert;
  }
  return {
    store,
    clock,
    sent,
    begin,
    /** Alerts of one user. */
    pending: (count: number, first = 1, more: Partial<Omit<WaitingAlert, 'status'>> = {}) =>
      Array.from({ length: count }, (_, index) => `a${first + index}`).map((id) =>
        add(pendingAlert({ id, name: id, ...more })),
      ),
    left: (count: number, first = 1) =>
      Array.from({ length: count }, (_, index) => `a${first + index}`).map((id) => {
        const { delivery } = notifyingAlert();
        const due = { ...delivery, fireId: `fire-${id}`, leaseUntil: undefined };
        const waiting = channels.map((channel) => ({ ...delivery.channels[0], channel })) as typeof delivery.channels;
        return add(notifyingAlert({ id, name: id, delivery: { ...due, channels: waiting } }));
      }),
    async leftOvers() {
      const { alerts } = await store.list();
      return alerts.filter((alert) => alert.status === 'notifying');
    },
    /** What was sent since it was last asked, single messages first, in the order of their alerts. */
    tell: (channel = 'phone') => {
      const mine = sent.filter((each) => each.channel === channel);
      for (const each of mine) sent.splice(sent.indexOf(each), 1);
      const texts = mine.map(({ notification }) => told(notification));
      const isSingle = (text: string) => !text.startsWith('[');
      const numberOf = (text: string) => Number(/\d+/.exec(text)?.[0]);
      return [
        ...texts.filter(isSingle).toSorted((a, b) => numberOf(a) - numberOf(b)),
        ...texts.filter((text) => !isSingle(text)),
      ];
    },
    statuses: () => new Set([...store.alerts.values()].map(({ status }) => status)),
  };
}

/** All of them in one run. */
async function fireAll(deliveries: Deliveries, alerts: readonly WaitingAlert[]) {
  const fired = alerts.map((alert) => deliveries.fire(alert, trigger()));
  deliveries.noMoreFires();
  return Promise.all(fired);
}

describe('of one user’s alerts in one run', () => {
  test('five go at once, and the others together once no more fire', async () => {
    const { pending, begin, tell, store, statuses } = stage({});
    const deliveries = begin();
    const fired = pending(8).map((alert) => deliveries.fire(alert, trigger()));
    await settled();
    expect(tell()).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
    expect(store.alerts.get('a6')?.status).toBe('notifying');
    deliveries.noMoreFires();
    const all = await Promise.all(fired);
    expect(tell()).toEqual(['[a6 a7 a8]']);
    expect(all.map((each) => [each.fired?.alertId, each.fired?.outcome])).toEqual(
      Array.from({ length: 8 }, (_, index) => [`a${index + 1}`, 'accepted']),
    );
    expect(statuses()).toEqual(new Set(['triggered']));
  });

  test('as many go together as fit, then as many again, and one that is left has its own message', async () => {
    const { pending, begin, tell } = stage({ most: 3 });
    await fireAll(begin(), pending(12));
    expect(tell().slice(5)).toEqual(['a12', '[a6 a7 a8]', '[a9 a10 a11]']);
  });

  test('an urgent one always goes alone and at once', async () => {
    const { pending, begin, tell } = stage({});
    const deliveries = begin();
    const alerts = [...pending(6), ...pending(2, 7, { priority: 'urgent' }), ...pending(1, 9)];
    const fired = alerts.map((alert) => deliveries.fire(alert, trigger()));
    await settled();
    expect(tell()).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a7', 'a8']);
    deliveries.noMoreFires();
    await Promise.all(fired);
    expect(tell()).toEqual(['[a6 a9]']);
  });

  test('each channel is counted by itself, and so is each user', async () => {
    const { pending, begin, tell } = stage({ channels: ['phone', 'chat'] });
    const mine = [...pending(4, 1, { notify: ['phone'] }), ...pending(3, 5)];
    await fireAll(begin(), [...mine, ...pending(2, 8, { user: 'anna' })]);
    expect(tell('phone')).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a8', 'a9', '[a6 a7]']);
    expect(tell('chat')).toEqual(['a5', 'a6', 'a7', 'a8', 'a9']);
  });

  test('what earlier runs left counts, and goes one by one where it is little', async () => {
    const { pending, left, begin, tell } = stage({});
    const deliveries = begin();
    await deliveries.resume(left(4));
    expect(tell()).toEqual(['a1', 'a2', 'a3', 'a4']);
    const fired = pending(3, 5).map((alert) => deliveries.fire(alert, trigger()));
    deliveries.noMoreFires();
    await Promise.all(fired);
    expect(tell()).toEqual(['a5', '[a6 a7]']);
  });

  test('what earlier runs left goes together where it is much, without waiting for what fires', async () => {
    const { pending, left, begin, tell } = stage({});
    const deliveries = begin();
    await deliveries.resume(left(7));
    expect(tell()).toEqual(['[a1 a2 a3 a4 a5 a6 a7]']);
    const fired = pending(2, 8).map((alert) => deliveries.fire(alert, trigger()));
    await settled();
    expect(tell()).toEqual([]);
    deliveries.noMoreFires();
    await Promise.all(fired);
    expect(tell()).toEqual(['[a8 a9]']);
  });

  test('one whose claim is slow is waited for by its user’s others', async () => {
    const { pending, begin, tell, store } = stage({});
    const { claim } = store;
    let go: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => {
      go = resolve;
    });
    store.claim = async (alert, delivery) => {
      if (alert.id === 'a8') await slow;
      return claim(alert, delivery);
    };
    const all = fireAll(begin(), [...pending(8), ...pending(7, 9, { user: 'anna' })]);
    await settled();
    expect(tell()).toEqual([...[1, 2, 3, 4, 5, 9, 10, 11, 12, 13].map((id) => `a${id}`), '[a14 a15]']);
    go();
    await all;
    expect(tell()).toEqual(['[a6 a7 a8]']);
  });
});

describe('a gathered message', () => {
  test('has nothing of an alert whose claim fails or that another run has', async () => {
    const { pending, begin, tell, store, statuses } = stage({});
    const { claim } = store;
    store.claim = async (alert, delivery) => {
      if (alert.id === 'a7') throw new Error('DynamoDB is away');
      return alert.id === 'a8' ? undefined : claim(alert, delivery);
    };
    const all = await fireAll(begin(), pending(9));
    expect(tell().at(-1)).toBe('[a6 a9]');
    expect(all.slice(6, 8)).toMatchObject([{ isUnclaimed: true, problem: 'DynamoDB is away' }, { alert: undefined }]);
    expect(statuses()).toEqual(new Set(['triggered', 'pending']));
  });

  test('is not held up or doubled by a member that cannot be committed', async () => {
    const { pending, begin, tell, store, leftOvers, clock } = stage({});
    const { commit } = store;
    store.commit = async (alert, now) => {
      if (alert.id === 'a7') throw new Error('DynamoDB is away');
      return commit(alert, now);
    };
    const all = await fireAll(begin(), pending(8));
    expect(all.flatMap(({ problem }) => problem ?? [])).toEqual(['DynamoDB is away']);
    store.commit = commit;
    tell();
    clock.now += leaseMs + 1;
    await begin().resume(await leftOvers());
    expect(tell()).toEqual(['a7?']);
  });

  test('that may have arrived makes each of its alerts a possible repeat, on that channel only', async () => {
    const { pending, begin, tell, clock, leftOvers, statuses } = stage({
      channels: ['phone', 'chat'],
      answer: ({ channel, notification }) =>
        channel === 'chat' && notification.kind === 'digest' && clock.now === at('12:05') ? unknown : accepted,
    });
    const all = await fireAll(begin(), pending(8));
    expect(all.map((each) => each.fired?.outcome)).toEqual([
      ...Array(5).fill('accepted'),
      ...Array(3).fill('deferred'),
    ]);
    expect([tell('phone').at(-1), tell('chat').at(-1)]).toEqual(['[a6 a7 a8]', '[a6 a7 a8]']);
    clock.now += 60_000;
    const deliveries = begin();
    const later = deliveries.resume(await leftOvers());
    await fireAll(deliveries, pending(3, 10));
    await later;
    expect([tell('phone'), tell('chat')]).toEqual([
      ['a10', 'a11', 'a12'],
      ['a6?', 'a7?', 'a8?', 'a10', 'a11', 'a12'],
    ]);
    expect(statuses()).toEqual(new Set(['triggered']));
  });

  test('that is sent again says at each alert whether it may be a repeat', async () => {
    const { left, begin, tell, store } = stage({});
    const alerts = left(8).map((alert) => {
      if (alert.id !== 'a7') return alert;
      const channels = alert.delivery.channels.map((each) => ({ ...each, isPossibleRepeat: true })) as never;
      const unsure = { ...alert, delivery: { ...alert.delivery, channels } };
      store.alerts.set(alert.id, unsure);
      return unsure;
    });
    await begin().resume(alerts);
    expect(tell()).toEqual(['[a1 a2 a3 a4 a5 a6 a7? a8]']);
  });

  test('that a service refuses for its text is halved, until only what it does not like is refused', async () => {
    const { pending, begin, tell } = stage({
      answer: ({ notification }) => (told(notification).includes('a9') ? refusedText : accepted),
    });
    const all = await fireAll(begin(), pending(13));
    expect(tell().slice(5)).toEqual([
      'a8',
      'a9',
      '[a6 a7 a8 a9 a10 a11 a12 a13]',
      '[a6 a7 a8 a9]',
      '[a10 a11 a12 a13]',
      '[a6 a7]',
      '[a8 a9]',
    ]);
    expect(all.filter((each) => each.fired?.outcome !== 'accepted').map((each) => each.fired?.alertId)).toEqual(['a9']);
  });

  test('may ring by the hour of its sending', async () => {
    const quiet = { from: 23 * 60, to: 7 * 60 };
    const settings = [{ user: 'dmitry', timeZone: undefined, quiet, notify: [] }];
    const { pending, begin, sent, clock } = stage({ settings });
    clock.now = at('22:59');
    const deliveries = begin();
    const fired = pending(7).map((alert) => deliveries.fire(alert, trigger()));
    await settled();
    clock.now = at('23:01');
    deliveries.noMoreFires();
    await Promise.all(fired);
    expect(sent.map(({ notification }) => notification.isSilent)).toEqual([...Array(5).fill(false), true]);
  });

  test('of which a part waits to be claimed when the time is over leaves that part to the next run', async () => {
    const { pending, begin, clock, store, leftOvers } = stage({});
    const claim = store.claim;
    let claims = 0;
    store.claim = async (...facts) => {
      claims += 1;
      await new Promise(setImmediate);
      clock.hasTime = false;
      return claim(...facts);
    };
    const results = await fireAll(begin(), pending(40));
    expect(claims).toBe(25);
    expect(results.filter(({ isUnclaimed, isLeft }) => isUnclaimed && isLeft)).toHaveLength(15);
    expect(await leftOvers()).toHaveLength(25);
  });

  test('for which there is no time left is sent by the next run, and is no repeat', async () => {
    const { pending, begin, tell, clock, leftOvers } = stage({});
    const deliveries = begin();
    const fired = pending(7).map((alert) => deliveries.fire(alert, trigger()));
    await settled();
    clock.hasTime = false;
    deliveries.noMoreFires();
    expect((await Promise.all(fired)).map(({ isLeft }) => isLeft === true)).toEqual([
      ...Array(5).fill(false),
      true,
      true,
    ]);
    clock.hasTime = true;
    tell();
    await begin().resume(await leftOvers());
    expect(tell()).toEqual(['a6', 'a7']);
  });
});

test('what one channel accepted is on record while another hangs, and is not sent again when the run dies', async () => {
  const never = new Promise<SendOutcome>(() => undefined);
  const { pending, begin, tell, clock, store, leftOvers } = stage({
    channels: ['chat', 'phone'],
    answer: ({ channel }) => (channel === 'chat' && clock.now === at('12:05') ? never : accepted),
  });
  void fireAll(begin(), pending(8));
  await settled();
  expect(tell('phone')).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', '[a6 a7 a8]']);
  for (const alert of store.alerts.values()) {
    expect(alert).toMatchObject({
      status: 'notifying',
      delivery: { leaseUntil: at('12:05') + leaseMs, channels: [{ state: 'waiting' }, { state: 'accepted' }] },
    });
  }
  tell('chat');
  clock.now += leaseMs + 1;
  await begin().resume(await leftOvers());
  expect([tell('phone'), tell('chat')]).toEqual([[], ['[a1? a2? a3? a4? a5? a6? a7? a8?]']]);
});
