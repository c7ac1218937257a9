import { describe, expect, test } from '@jest/globals';
import type { Priority } from '../../src/domain/fields/priority.js';
import type { UserSettings } from '../../src/domain/users.js';
import { createDeliveries } from '../../src/flows/deliver.js';
import { createRecipients } from '../../src/flows/recipients.js';
import { at, notifyingAlert, pendingAlert, trigger } from '../support/builders.js';
import { createFakeChannels, type FakeChannels } from '../support/fake-channels.js';
import { createMemoryPorts, createMemoryStore, runOf } from '../support/in-memory.js';

const settings = (wishes: Partial<UserSettings> = {}): UserSettings[] => [
  { user: 'dmitry', timeZone: undefined, quiet: undefined, notify: [], ...wishes },
];
const night = { from: 23 * 60, to: 7 * 60 };

function stage(
  wishes: readonly UserSettings[] | undefined,
  clock: () => number,
  names = ['pushover', 'telegram', 'ntfy'],
) {
  const notifiers = createFakeChannels(names);
  const store = createMemoryStore();
  const ports = createMemoryPorts({ exchanges: [], now: clock, store, notifiers });
  const recipients = createRecipients(ports, wishes);
  return { notifiers, store, deliveries: createDeliveries(ports, runOf(), {}, recipients) };
}

async function fire(
  alert: ReturnType<typeof pendingAlert>,
  wishes: readonly UserSettings[] | undefined,
  now = at('23:30'),
) {
  const { notifiers, store, deliveries } = stage(wishes, () => now);
  store.alerts.set(alert.id, alert);
  await deliveries.fire(alert, trigger());
  return notifiers.sent;
}
const channelsAsked = (sent: FakeChannels['sent']) => sent.map(({ channel }) => channel);

describe('which channels', () => {
  test.each<[string, readonly string[], readonly UserSettings[] | undefined, string[]]>([
    ['all, where nothing is said', [], [], ['pushover', 'telegram', 'ntfy']],
    ['all, where nobody knows what is said', [], undefined, ['pushover', 'telegram', 'ntfy']],
    ['the tab’s', [], settings({ notify: ['telegram'] }), ['telegram']],
    ['the row’s before the tab’s', ['ntfy', 'pushover'], settings({ notify: ['telegram'] }), ['pushover', 'ntfy']],
    [
      'all, where the key is gone since',
      ['slack'],
      settings({ notify: ['telegram'] }),
      ['pushover', 'telegram', 'ntfy'],
    ],
    ['what is left of them', ['slack', 'ntfy'], [], ['ntfy']],
  ])('%s', async (_, notify, wishes, expected) =>
    expect(channelsAsked(await fire(pendingAlert({ notify }), wishes))).toEqual(expected),
  );

  test('a take-over adds none that the row does not want', async () => {
    const { notifiers, store, deliveries } = stage([], () => at('13:00'));
    const alert = notifyingAlert({ notify: ['pushover'] });
    store.alerts.set(alert.id, alert);
    await deliveries.resume([alert]);
    expect(channelsAsked(notifiers.sent)).toEqual(['pushover']);
  });

  test.each([
    ['adds those that the user has by now', [], ['pushover', 'telegram', 'ntfy']],
    ['adds none where nobody knows what he wishes', undefined, ['pushover']],
  ])('a take-over %s', async (_, wishes, expected) => {
    const { notifiers, store, deliveries } = stage(wishes, () => at('13:00'));
    const alert = notifyingAlert();
    store.alerts.set(alert.id, alert);
    await deliveries.resume([alert]);
    expect(channelsAsked(notifiers.sent)).toEqual(expected);
  });
});

describe('quiet hours', () => {
  const silent = (sent: FakeChannels['sent']) => sent.map(({ notification }) => notification.isSilent);

  test.each<[Priority, boolean]>([
    ['low', true],
    ['normal', true],
    ['high', false],
    ['urgent', false],
  ])('%s is sent at once, and silently: %p', async (priority, isSilent) =>
    expect(silent(await fire(pendingAlert({ priority, notify: ['ntfy'] }), settings({ quiet: night })))).toEqual([
      isSilent,
    ]),
  );

  test('are those of the user’s own zone', async () => {
    const alert = pendingAlert({ notify: ['ntfy'] });
    // 23:30 UTC is 18:30 in New York, and 12:30 UTC is 23:30 on Lord Howe.
    expect(silent(await fire(alert, settings({ quiet: night, timeZone: 'America/New_York' })))).toEqual([false]);
    const lordHowe = settings({ quiet: night, timeZone: 'Australia/Lord_Howe' });
    expect(silent(await fire(alert, lordHowe, at('12:30')))).toEqual([true]);
  });

  test('of one user are nobody else’s', async () =>
    expect(silent(await fire(pendingAlert({ user: 'anna', notify: ['ntfy'] }), settings({ quiet: night })))).toEqual([
      false,
    ]));

  test('are judged at the moment of sending, not at the claim', async () => {
    let now = at('22:59:59.999');
    const { notifiers, store, deliveries } = stage(settings({ quiet: night }), () => now);
    const alert = pendingAlert({ notify: ['ntfy'] });
    store.alerts.set(alert.id, alert);
    const { claim } = store;
    store.claim = async (...asked) => {
      const claimed = await claim(...asked);
      now = at('23:00');
      return claimed;
    };
    await deliveries.fire(alert, trigger());
    expect(silent(notifiers.sent)).toEqual([true]);
    expect(store.alerts.get(alert.id)).toMatchObject({ status: 'triggered' });
  });
});

test('that an alert is over is told on the row’s channels, in the user’s time zone', async () => {
  const { notifiers, store, deliveries } = stage(settings({ timeZone: 'Europe/Berlin' }), () => at('12:30'));
  const alert = pendingAlert({ notify: ['ntfy'], expires: { text: '30m', at: at('12:00') } });
  store.alerts.set(alert.id, alert);
  await deliveries.end(alert);
  expect(notifiers.sent).toMatchObject([
    { channel: 'ntfy', notification: { isSilent: true, lines: [expect.stringContaining('ended at 13:00 GMT+1')] } },
  ]);
});
