import { describe, expect, test } from '@jest/globals';
import type { AccountWaits } from '../../src/domain/delivery/backoff.js';
import type { SendOutcome } from '../../src/domain/delivery/outcome.js';
import type { Outages } from '../../src/domain/exchange-health.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import type { UserSettings } from '../../src/domain/users.js';
import { createDeliveries } from '../../src/flows/deliver.js';
import type { PriceError } from '../../src/flows/ports/price-source.js';
import { createRecipients } from '../../src/flows/recipients.js';
import { tellOutages } from '../../src/flows/tell-outages.js';
import { at } from '../support/builders.js';
import { createFakeChannels } from '../support/fake-channels.js';
import { createMemoryPorts, runOf } from '../support/in-memory.js';

const down: PriceError = { kind: 'unavailable', detail: 'HTTP 500' };
const since = { bybit: { since: at('11:00'), isPermanent: false, reason: 'HTTP 500', isTold: false } } as const;
const quota: SendOutcome = {
  kind: 'quota-exceeded',
  whose: 'account',
  resetsAt: undefined,
  problem: { detail: 'the quota is used up', remedy: '' },
};

/** An outage of an hour, and the runs that find it out, each with what the one before left. */
function stage({ answer, settings = [] }: { answer?: () => SendOutcome; settings?: readonly UserSettings[] } = {}) {
  const clock = { now: at('12:00') };
  const notifiers = createFakeChannels(['chat', 'phone'], answer);
  const ports = createMemoryPorts({ exchanges: [], now: () => clock.now, notifiers });
  const recipients = createRecipients(ports, settings);
  return {
    clock,
    sent: () => notifiers.sent.splice(0).map(({ channel, notification }) => `${channel}: ${notification.title}`),
    async tell(before: Outages, seen: PriceError | 'up', waits: AccountWaits = {}, hasTime = true) {
      const run = runOf({ hasTime: () => hasTime });
      const deliveries = createDeliveries(ports, run, waits, recipients);
      const telling = { recipients, pusher: deliveries.pusher };
      const told = await tellOutages(ports, before, new Map([['bybit', seen]]), telling, run);
      return { ...told, waits: deliveries.accountWaits() };
    },
  };
}

const waitsUntil = (retryAt: number): AccountWaits =>
  Object.fromEntries(
    ['chat', 'phone'].map((name) => [name, { retryAt, fingerprint: undefined, detail: 'the quota is used up' }]),
  );

describe('that an exchange is down', () => {
  test('is told on the channels that the users’ tab names for the default user', async () => {
    const settings = [{ user: 'default', timeZone: undefined, quiet: undefined, notify: ['phone'] }];
    const { tell, sent } = stage({ settings });
    expect(await tell(since, down)).toMatchObject({ problems: [], outages: { bybit: { isTold: true } } });
    expect(sent()).toEqual(['phone: bybit gives no prices']);
  });

  test.each<[string, AccountWaits, boolean, string]>([
    ['every account has to wait', waitsUntil(at('12:30')), true, 'the account of chat and of phone has to wait'],
    ['the run has no time left', {}, false, 'the run had no time left'],
  ])('is put off while %s, and told by a later run', async (_, waits, hasTime, reason) => {
    const { tell, sent, clock } = stage();
    const first = await tell(since, down, waits, hasTime);
    expect(first.problems).toEqual([`the news that bybit is down is not told yet: ${reason}`]);
    expect(sent()).toEqual([]);
    clock.now += hourMs;
    expect(await tell(first.outages, down, first.waits)).toMatchObject({ outages: { bybit: { isTold: true } } });
    expect(sent()).toEqual(['chat: bybit gives no prices', 'phone: bybit gives no prices']);
  });

  test('asks no account that waits, and tells on the others', async () => {
    const { tell, sent } = stage();
    const { chat } = waitsUntil(at('12:30'));
    const { problems } = await tell(since, down, chat && { chat });
    expect(sent()).toEqual(['phone: bybit gives no prices']);
    expect(problems).toEqual(['the news that bybit is down was not accepted by chat: the quota is used up']);
  });

  test('makes the next run wait where it meets a quota that is used up', async () => {
    const { tell, clock } = stage({ answer: () => quota });
    const { waits } = await tell(since, down);
    expect(waits).toMatchObject({ chat: { retryAt: at('13:00') }, phone: { retryAt: at('13:00') } });
    clock.now += 5 * minuteMs;
    expect((await tell(since, down, waits)).problems).toEqual([expect.stringContaining('is not told yet')]);
  });
});

test('that an exchange is back is told on what takes it, and what does not is a problem', async () => {
  const { tell, sent } = stage();
  const { chat } = waitsUntil(at('12:30'));
  const told = { bybit: { ...since.bybit, isTold: true } };
  const { problems, outages } = await tell(told, 'up', chat && { chat });
  expect(sent()).toEqual(['phone: bybit gives prices again']);
  expect(problems).toEqual(['the news that bybit is back was not accepted by chat: the quota is used up']);
  expect(outages).toEqual({});
});
