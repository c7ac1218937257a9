import { afterEach, describe, expect, test } from '@jest/globals';
import { createNotifiers } from '../../src/adapters/notifiers/connect.js';
import { parseKeys } from '../../src/adapters/notifiers/keys-text.js';
import { createTransport } from '../../src/adapters/notifiers/transport.js';
import type { Priority } from '../../src/domain/fields/priority.js';
import type { ChannelName } from '../../src/simulators/channels.js';
import { header } from '../support/builders.js';
import { alertsTold, createWorld, received, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const everyChannel: readonly ChannelName[] = ['telegram', 'discord', 'slack', 'ntfy', 'webhook'];

/** A service's own pace has its own tests. */
function withoutPace({ channels }: World['simulators']): void {
  const any = { most: Number.POSITIVE_INFINITY, perMs: 1 };
  channels.telegram.limits = { chat: any, group: any, all: any };
  channels.discord.limits = { webhook: any, channel: any };
  channels.slack.limit = any;
  channels.ntfy.limit = any;
}

/** Of one user, on markets of the usual length of a name; half of them have a name, a quarter a note. */
const rows = (count: number, priority: Priority = 'normal') =>
  Array.from({ length: count }, (_, index) => [
    ['BTCUSDT', '1000PEPEUSDT'][index % 2],
    'above',
    90_000 + index,
    'dmitry',
    'binance',
    true,
    index % 2 === 0 ? `Resistance number ${index}` : '',
    index % 4 === 0 ? 'take half the profit, move the stop' : '',
    `row-${index}`,
    priority,
  ]);

const idsOf = (count: number) => rows(count).map(([, , , , , , , , id]) => String(id));

async function stage(count: number, channels: readonly ChannelName[], priority?: Priority): Promise<void> {
  world = await createWorld({}, undefined, channels);
  withoutPace(world.simulators);
  for (const symbol of ['BTCUSDT', '1000PEPEUSDT']) {
    world.simulators.market.list('binance', symbol, { price: '95180.00000000' });
  }
  world.simulators.google.tabs.set('Alerts', [[...header, 'priority'], ...rows(count, priority)]);
}

async function fire(...staged: Parameters<typeof stage>) {
  await stage(...staged);
  return world.check();
}

const asked = (count: number) => rows(count).map(([symbol, condition, price]) => `${symbol} ${condition} ${price}`);
/** As it is in the texts of every channel, beside names, prices and marks of its own. */
const namedIn = (texts: readonly string[]) => {
  const said = texts.join('\n');
  return asked(100).filter((each) => new RegExp(`${each}(?!\\d)`).test(said));
};

describe('a hundred alerts of one user that fire in one run', () => {
  test('cost at most ten requests a channel; each is named on it, committed, and in the answer', async () => {
    const summary = await fire(100, everyChannel);
    const { traffic, channels } = world.simulators;
    const outcome = 'accepted';
    expect(summary.fired.map(({ alertId }) => alertId).toSorted()).toEqual(idsOf(100).toSorted());
    for (const fired of summary.fired) {
      expect(fired).toMatchObject({
        outcome,
        channels: ['pushover', ...everyChannel].map((channel) => ({ channel, outcome })),
      });
    }
    expect(summary).toMatchObject({ alerts: { triggered: 100, notifying: 0 }, problems: [] });
    for (const channel of ['pushover', ...everyChannel] as const) {
      expect(traffic[channel].requests.length).toBeLessThanOrEqual(10);
    }
    const texts = {
      pushover: received(world).map(({ title, text }) => `${title}\n${text}`),
      telegram: channels.telegram.received.map(({ text }) => text),
      discord: channels.discord.received.map(({ content, description }) => `${content}\n${description}`),
      slack: channels.slack.received.map(({ sections }) => sections.join('\n')),
      ntfy: channels.ntfy.received.map(({ title, message }) => `${title}\n${message}`),
      webhook: channels.webhook.received.map(({ body }) => JSON.stringify(body).replaceAll('\\n', '\n')),
    };
    for (const [channel, said] of Object.entries(texts)) {
      expect({ channel, named: namedIn(said) }).toEqual({ channel, named: asked(100) });
    }
    expect(channels.ntfy.received.some(({ isAttachment }) => isAttachment)).toBe(false);
    expect(channels.webhook.received.every(({ body }) => !('shortened' in (body.data as object)))).toBe(true);
  });

  test('go alone where they are urgent', async () => {
    await fire(8, [], 'urgent');
    expect(received(world)).toHaveLength(8);
    expect(alertsTold(world)).toHaveLength(8);
  });
});

test('a Telegram that hangs delays no Pushover: what that accepted is on record before Telegram answers', async () => {
  await stage(8, ['telegram']);
  const { simulators, environment, store, now } = world;
  const { pushover, channels, secret, urls } = simulators;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const send = createTransport({ timeoutMs: 10_000 });
  const keys = parseKeys(JSON.stringify(secret));
  const notifiers = createNotifiers({
    keys: { read: async () => keys, forget: () => undefined },
    transport: async (request) => {
      if (request.url.href.startsWith(urls.telegram)) await released;
      return send(request);
    },
    origins: environment,
    now,
  });
  let noted = 0;
  let tellNoted: () => void = () => undefined;
  const allNoted = new Promise<void>((resolve) => {
    tellNoted = resolve;
  });
  const noteAccepted: typeof store.noteAccepted = async (...facts) => {
    const isNoted = await store.noteAccepted(...facts);
    noted += isNoted ? 1 : 0;
    if (noted === 8) tellNoted();
    return isNoted;
  };
  const summary = world.handler({ notifiers, store: { ...store, noteAccepted } })();
  await allNoted;
  expect([pushover.received.length, channels.telegram.received.length]).toEqual([6, 0]);
  for (const id of idsOf(8)) {
    expect(await store.get(id)).toMatchObject({
      status: 'notifying',
      delivery: {
        channels: expect.arrayContaining([
          expect.objectContaining({ channel: 'pushover', state: 'accepted' }),
          expect.objectContaining({ channel: 'telegram', state: 'waiting' }),
        ]),
      },
    });
  }
  release();
  expect((await summary).alerts).toMatchObject({ triggered: 8, notifying: 0 });
  expect([pushover.received.length, channels.telegram.received.length]).toEqual([6, 6]);
});
