import { describe, expect, test } from '@jest/globals';
import { Big } from 'big.js';
import type { Alert, NotifyingAlert, Receipt, WaitingAlert } from '../../src/domain/alert.js';
import type { ReceiptState, SendOutcome } from '../../src/domain/delivery/outcome.js';
import type { Repeat } from '../../src/domain/fields/repeat.js';
import { minuteMs } from '../../src/domain/time.js';
import { createDeliveries } from '../../src/flows/deliver.js';
import { followReceipts } from '../../src/flows/follow-receipts.js';
import { createRecipients } from '../../src/flows/recipients.js';
import { at, expiredAlert, pendingAlert, trigger, triggeredAlert } from '../support/builders.js';
import { createFakeChannels } from '../support/fake-channels.js';
import { createMemoryPorts, createMemoryStore, runOf } from '../support/in-memory.js';

const problem = { detail: 'in its own words', remedy: '' };
const accepted: SendOutcome = { kind: 'accepted', receipt: undefined };
const unknown: SendOutcome = { kind: 'unknown', until: undefined, problem };
const refused: SendOutcome = { kind: 'rejected', whose: 'user', isGone: true, problem };

/** A user on two channels, which answer as the test says. */
function stage(
  alert: WaitingAlert,
  answer: (channel: string) => SendOutcome | Promise<SendOutcome>,
  receipt?: ReceiptState,
) {
  const store = createMemoryStore();
  store.alerts.set(alert.id, alert);
  const clock = { now: at('12:05') };
  const notifiers = createFakeChannels(['chat', 'phone'], answer, receipt);
  const ports = createMemoryPorts({ exchanges: [], now: () => clock.now, store, notifiers });
  const deliveries = () => createDeliveries(ports, runOf(), {}, createRecipients(ports, []));
  return {
    ports,
    clock,
    cancelled: notifiers.cancelled,
    stored: () => store.alerts.get(alert.id) as Alert,
    fire: () => deliveries().fire(alert, trigger()),
    end: () => deliveries().end(alert),
    async resume() {
      const left = store.alerts.get(alert.id) as NotifyingAlert;
      return (await deliveries().resume([left]))[0];
    },
    /** Channels, and which said that it may be a repeat. */
    sent: () =>
      notifiers.sent
        .splice(0)
        .map(({ channel, notification: { lines } }) =>
          lines[0]?.startsWith('Possible repeat') ? `${channel} again` : channel,
        ),
    notifications: () => notifiers.sent.map(({ notification }) => notification),
  };
}

describe('two channels', () => {
  test('are sent to at once, so that one that hangs delays no other', async () => {
    let answerChat: (outcome: SendOutcome) => void = () => undefined;
    const hanging = new Promise<SendOutcome>((resolve) => {
      answerChat = resolve;
    });
    const { fire, sent, stored } = stage(pendingAlert(), (channel) => (channel === 'chat' ? hanging : accepted));
    const fired = fire();
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(sent()).toEqual(['chat', 'phone']);
    answerChat(accepted);
    expect((await fired).fired).toMatchObject({ outcome: 'accepted' });
    expect(stored()).toMatchObject({ status: 'triggered', triggeredCount: 1 });
  });

  test('are settled one by one: what accepted is not sent again, and only the other may be a repeat', async () => {
    const answers: Record<string, SendOutcome> = { chat: unknown, phone: accepted };
    const { fire, resume, sent, clock, stored } = stage(pendingAlert(), (channel) => answers[channel] ?? refused);
    expect((await fire()).fired).toMatchObject({
      outcome: 'deferred',
      detail: 'chat: in its own words; tried again from 12:05 UTC on',
      channels: [
        { channel: 'chat', outcome: 'deferred', detail: 'in its own words; tried again from 12:05 UTC on' },
        { channel: 'phone', outcome: 'accepted' },
      ],
    });
    expect(sent()).toEqual(['chat', 'phone']);
    clock.now += minuteMs;
    answers.chat = accepted;
    expect((await resume())?.fired).toMatchObject({ outcome: 'accepted' });
    expect(sent()).toEqual(['chat again']);
    expect(stored()).toMatchObject({ status: 'triggered', triggeredCount: 1 });
  });

  test('of which one is never known are given up after an hour, and the alert commits', async () => {
    const { fire, resume, clock, stored } = stage(pendingAlert(), (channel) =>
      channel === 'chat' ? unknown : accepted,
    );
    await fire();
    clock.now += 60 * minuteMs;
    expect((await resume())?.fired).toMatchObject({
      outcome: 'accepted',
      channels: [
        { channel: 'chat', outcome: 'given-up' },
        { channel: 'phone', outcome: 'accepted' },
      ],
    });
    expect(stored().status).toBe('triggered');
  });

  test.each<{ repeat: Repeat; status: string }>([
    { repeat: { text: 'always', afterMs: 0, back: undefined }, status: 'pending' },
    { repeat: { text: '1m', afterMs: minuteMs, back: undefined }, status: 'notifying' },
    { repeat: { text: 'back', afterMs: 0, back: { share: new Big(0) } }, status: 'notifying' },
  ])('of which one is not known leave $repeat.text $status after the first attempt', async ({ repeat, status }) => {
    const alert = pendingAlert({ repeat });
    const { fire, stored } = stage(alert, (channel) => (channel === 'chat' ? unknown : accepted));
    await fire();
    expect(stored().status).toBe(status);
  });

  test('of which one is refused for good commit with the other', async () => {
    const { fire, stored } = stage(pendingAlert(), (channel) => (channel === 'chat' ? refused : accepted));
    expect((await fire()).fired).toMatchObject({ outcome: 'accepted', detail: 'chat: in its own words' });
    expect(stored().status).toBe('triggered');
  });

  test('that both refuse wait, and are both tried again', async () => {
    const { fire, resume, sent, clock, stored } = stage(pendingAlert(), () => refused);
    expect((await fire()).fired).toMatchObject({ outcome: 'rejected' });
    expect([sent(), stored().status]).toEqual([['chat', 'phone'], 'notifying']);
    clock.now += 14 * minuteMs;
    expect(await resume()).toBeUndefined();
    clock.now += minuteMs;
    await resume();
    expect(sent()).toEqual(['chat', 'phone']);
  });
});

test('an urgent alert goes as urgent, and what its channel gave to follow it is kept', async () => {
  const rings: SendOutcome = { kind: 'accepted', receipt: 'fake-receipt' };
  const urgent = pendingAlert({ priority: 'urgent' });
  const { fire, notifications, stored } = stage(urgent, (channel) => (channel === 'phone' ? rings : accepted));
  await fire();
  expect(notifications().map(({ priority }) => priority)).toEqual(['urgent', 'urgent']);
  expect(stored().receipts).toEqual([
    {
      ...{ channel: 'phone', receipt: 'fake-receipt', fireId: 'id-1', claimedAt: at('12:05'), rungAt: at('12:05') },
      acknowledgedAt: undefined,
    },
  ]);
});

describe('an alert whose time is over', () => {
  const expiring = pendingAlert({ expires: { text: '2026-11-20 12:00', at: at('12:00') } });

  test('is told once, silently, and fires no more', async () => {
    const { end, notifications, stored, clock } = stage(expiring, () => accepted);
    expect(await end()).toMatchObject({ alert: { overAt: at('12:05') }, problems: [] });
    expect(notifications()).toHaveLength(2);
    expect(notifications()[0]).toMatchObject({
      title: 'Breakout is over: BTCUSDT above 95000',
      lines: ['Its time ended at 12:00 UTC. It has not fired. Write a later date into expires to arm it afresh.'],
      priority: 'low',
      isSilent: true,
    });
    clock.now += minuteMs;
    await end();
    expect(notifications()).toHaveLength(2);
    expect(stored()).toMatchObject({ status: 'pending', overAt: at('12:05') });
  });

  test('that cannot be told is a problem', async () => {
    const { end } = stage(expiring, (channel) => (channel === 'chat' ? refused : accepted));
    expect((await end()).problems).toEqual(['that alert btc-95k is over was not told: in its own words']);
  });
});

describe('the receipt of an urgent notification', () => {
  const ring = { channel: 'phone', fireId: 'fire-1', rungAt: at('12:00'), acknowledgedAt: undefined };
  const receipt: Receipt = { ...ring, receipt: 'fake-receipt' };
  const rung = triggeredAlert({ receipts: [receipt] });

  async function followed(state: ReceiptState, after: readonly Alert[], now = at('12:05')) {
    const { ports, cancelled, stored, clock } = stage(rung, () => accepted, state);
    clock.now = now;
    const { acknowledged, problems } = await followReceipts(ports, [rung], after, runOf());
    return { acknowledged: acknowledged.length, problems, cancelled, receipts: stored().receipts };
  }
  const cancelled = [{ channel: 'phone', notificationId: 'fire-1' }];
  const nothing = { acknowledged: 0, problems: [], cancelled: [], receipts: [receipt] };

  test('is looked at until somebody acknowledges it, which is noted', async () => {
    expect(await followed({ kind: 'waiting' }, [rung])).toEqual(nothing);
    expect(await followed({ kind: 'acknowledged', at: at('12:03') }, [rung])).toEqual({
      ...nothing,
      acknowledged: 1,
      receipts: [{ ...receipt, acknowledgedAt: at('12:03') }],
    });
  });

  test('is forgotten where it rang to its end', async () => {
    expect(await followed({ kind: 'expired' }, [rung])).toEqual({ ...nothing, receipts: undefined });
  });

  test.each<{ name: string; after: readonly Alert[] }>([
    { name: 'paused', after: [{ ...rung, active: false }] },
    { name: 'deleted', after: [] },
    { name: 'deleted, and its alert expired', after: [expiredAlert({ id: rung.id })] },
  ])('is cancelled where the row was $name', async ({ after }) => {
    expect(await followed({ kind: 'waiting' }, after)).toEqual({ ...nothing, cancelled, receipts: undefined });
  });

  test('whose answer was lost is looked at no more, and everything of its fire is cancelled', async () => {
    const lost = triggeredAlert({ receipts: [{ ...receipt, receipt: undefined }] });
    const after = async (left: readonly Alert[], now = at('12:05')) => {
      const { ports, cancelled, stored, clock } = stage(lost, () => accepted, { kind: 'unknown', problem });
      clock.now = now;
      const { problems } = await followReceipts(ports, [lost], left, runOf());
      return { problems, cancelled, receipts: stored().receipts };
    };
    expect(await after([lost])).toEqual({ problems: [], cancelled: [], receipts: lost.receipts });
    expect(await after([])).toEqual({ problems: [], cancelled, receipts: undefined });
    expect(await after([lost], at('13:01'))).toEqual({ problems: [], cancelled: [], receipts: undefined });
  });

  test('that cannot be read is a problem, and is looked at again', async () => {
    expect(await followed({ kind: 'unknown', problem }, [rung])).toEqual({
      ...nothing,
      problems: ['phone: in its own words'],
    });
  });

  test('is read, and not cancelled, once it rings no more', async () => {
    expect(await followed({ kind: 'waiting' }, [], at('13:01'))).toEqual(nothing);
  });
});
