import { describe, expect, test } from '@jest/globals';
import { discord } from '../../../src/adapters/notifiers/discord.js';
import { type DiscordState, discordLimits, discordSimulator } from '../../../src/simulators/discord.js';
import { createTraffic } from '../../../src/simulators/faults.js';
import { serveSimulator } from '../../../src/simulators/loopback.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening, type Stage } from './contract.js';
import { answering, testOverRecordings } from './recorded.js';

const token = 'FAKE-webhook-token_FAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKE';
const id = '112233445566778899';

interface DiscordStage extends Stage {
  readonly state: DiscordState;
}
type Sending = Parameters<typeof discord.send>[0];

const unescaped = (text: string): string => text.replace(/\\([\\*_~`|<[#>-])/g, '$1');

async function start(): Promise<DiscordStage> {
  const state: DiscordState = {
    webhooks: new Map(),
    received: [],
    limits: discordLimits,
    globalWaitSeconds: undefined,
  };
  const traffic = createTraffic();
  let later = 0;
  const served = await serveSimulator(
    discordSimulator(state, traffic, () => now + later),
    traffic,
  );
  return {
    state,
    traffic,
    origin: '',
    account: undefined,
    address: `${served.url}/api/webhooks/${id}/${token}`,
    keys: [token, id, served.url],
    seen: () =>
      state.received.map(({ content, description, isSilent, mentions }) => ({
        title: unescaped(content),
        text: unescaped(description),
        isSilent,
        pings: mentions,
      })),
    reset: () => {
      later += 3_600_000;
      state.webhooks.clear();
      state.webhooks.set(id, { token });
      state.received.length = 0;
      state.limits = discordLimits;
      state.globalWaitSeconds = undefined;
    },
    limit: () => {
      state.limits = { ...discordLimits, webhook: { most: 0, perMs: 64_570 } };
    },
    close: served.close,
  };
}

const contract: Contract<DiscordStage> = {
  channel: 'discord',
  start,
  refusals: [
    {
      name: 'of a deleted webhook, which is gone',
      kind: 'rejected',
      whose: 'user',
      isGone: true,
      given: ({ state }) => state.webhooks.clear(),
    },
    {
      name: 'of the token, which is gone',
      kind: 'rejected',
      whose: 'user',
      isGone: true,
      given: ({ state }) => void state.webhooks.set(id, { token: 'other' }),
    },
    {
      name: 'of a forum without a thread',
      kind: 'rejected',
      whose: 'user',
      given: ({ state }) => void state.webhooks.set(id, { token, isForum: true }),
    },
    {
      name: 'of the IP address for now',
      kind: 'rate-limited',
      whose: 'account',
      given: ({ state }) => {
        state.globalWaitSeconds = 600;
      },
    },
    {
      name: 'by the limit of the channel, which the headers do not tell',
      kind: 'rate-limited',
      whose: 'user',
      given: ({ state }) => {
        state.limits = { ...discordLimits, channel: { most: 0, perMs: 60_000 } };
      },
    },
  ],
  limited: { kind: 'rate-limited', whose: 'user', until: now + 64_570 },
  urgency: { urgent: undefined, high: undefined, normal: undefined },
  isSilenceKnown: true,
  checks: { account: [], address: 'right' },
};

describe('discord', () => {
  describeNotifier(contract);

  test('the message waits to be saved, keeps its thread, rings nobody and shows its direction', async () => {
    const stage = await opening(start);
    const context = { ...contextOf(stage), address: `${stage.address}?thread_id=77` } as Sending;
    for (const direction of ['up', 'down', undefined] as const)
      await discord.send(context, { ...notification, direction });
    expect(stage.traffic.requests.map(({ query }) => query)).toEqual(Array(3).fill('thread_id=77&wait=true'));
    const [up, ...others] = stage.traffic.requests.map(({ body }) => JSON.parse(body));
    expect(up).toEqual({
      content: 'BTCUSDT above 95000',
      embeds: [
        {
          description: 'touched 95180.00 at 12:04 UTC, now 95120.00\nbinance:BTCUSDT',
          color: 0x2ea043,
          timestamp: new Date(notification.happenedAt).toISOString(),
        },
      ],
      allowed_mentions: { parse: [] },
    });
    expect(others.map(({ embeds }) => embeds[0].color)).toEqual([0xd73a49, 0x6e7781]);
  });

  test.each<[name: string, status: number, body: object, expected: object]>([
    ['a limit that does not say whose', 429, {}, { kind: 'rate-limited', whose: 'user' }],
    [
      'an unknown channel',
      404,
      { code: 10003, message: 'Unknown Channel' },
      { kind: 'rejected', whose: 'user', isGone: false },
    ],
    [
      'an invalid form',
      400,
      { code: 50035, message: 'Invalid Form Body' },
      { kind: 'rejected', whose: 'message', isGone: false },
    ],
  ])('%s', async (_name, status, body, expected) => {
    const transport = answering({ status, text: JSON.stringify(body), headers: { 'retry-after': '5' } });
    const context = contextOf(
      { origin: '', account: undefined, address: `http://127.0.0.1/api/webhooks/1/${token}` },
      transport,
    );
    expect(await discord.send(context as Sending, notification)).toMatchObject(expected);
  });

  test('a 429 that is no JSON counts by IP address', async () => {
    const transport = answering({ status: 429, text: '<html>error 1015', headers: { 'retry-after': '600' } });
    const context = contextOf(
      { origin: '', account: undefined, address: `http://127.0.0.1/api/webhooks/1/${token}` },
      transport,
    );
    expect(await discord.send(context as Sending, notification)).toMatchObject({
      kind: 'rate-limited',
      whose: 'account',
      until: now + 600_000,
    });
  });

  testOverRecordings(
    'discord',
    'every recorded answer is taken for what it is',
    ['doc_429_global.json', 'doc_429_shared.json', 'doc_429_user.json', 'error_404_unknown_webhook.json'],
    async (all) => {
      const expected: Record<string, object> = {
        'doc_429_global.json': { kind: 'rate-limited', whose: 'account', until: now + 64_570 },
        'doc_429_shared.json': { kind: 'rate-limited', whose: 'user', until: now + 1_336_570 },
        'doc_429_user.json': { kind: 'rate-limited', whose: 'user', until: now + 64_570 },
        'error_404_unknown_webhook.json': { kind: 'rejected', whose: 'user', isGone: true },
      };
      expect(all.map(({ file }) => file)).toEqual(Object.keys(expected));
      for (const recorded of all) {
        const context = contextOf(
          { origin: '', account: undefined, address: `http://127.0.0.1/api/webhooks/1/${token}` },
          answering(recorded),
        );
        expect(await discord.send(context as Sending, notification)).toMatchObject(expected[recorded.file] ?? {});
      }
    },
  );
});
