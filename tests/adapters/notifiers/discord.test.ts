import { describe, expect, test } from '@jest/globals';
import { discord } from '../../../src/adapters/notifiers/discord.js';
import type { Transport } from '../../../src/adapters/notifiers/transport.js';
import { type DiscordState, discordLimits, discordSimulator } from '../../../src/simulators/discord.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening } from './contract.js';
import { answering } from './recorded.js';
import { rateLimited, testReplays } from './replayed.js';

const token = 'FAKE-webhook-token_FAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKE';
const id = '112233445566778899';

const unescaped = (text: string): string => text.replace(/\\([\\*_~`|<[#>-])/g, '$1');

const contract: Contract<DiscordState> = {
  channel: 'discord',
  simulator: discordSimulator,
  fresh: () => ({
    webhooks: new Map([[id, { token }]]),
    received: [],
    limits: discordLimits,
    globalWaitSeconds: undefined,
  }),
  reachedAt: (url) => ({
    origin: '',
    account: undefined,
    address: `${url}/api/webhooks/${id}/${token}`,
    keys: [token, id, url],
  }),
  seen: ({ received }) =>
    received.map(({ content, description, isSilent, mentions }) => ({
      title: unescaped(content),
      text: unescaped(description),
      isSilent,
      pings: mentions,
    })),
  refusals: [
    {
      name: 'of a deleted webhook, which is gone',
      given: { webhooks: new Map() },
      kind: 'rejected',
      whose: 'user',
      isGone: true,
    },
    {
      name: 'of the token, which is gone',
      given: { webhooks: new Map([[id, { token: 'other' }]]) },
      kind: 'rejected',
      whose: 'user',
      isGone: true,
    },
    {
      name: 'of a forum without a thread',
      given: { webhooks: new Map([[id, { token, isForum: true }]]) },
      kind: 'rejected',
      whose: 'user',
    },
    { name: 'of the IP address for now', given: { globalWaitSeconds: 600 }, kind: 'rate-limited', whose: 'account' },
    {
      name: 'by the limit of the channel, which the headers do not tell',
      given: { limits: { ...discordLimits, channel: { most: 0, perMs: 60_000 } } },
      kind: 'rate-limited',
      whose: 'user',
    },
  ],
  limited: {
    given: { limits: { ...discordLimits, webhook: { most: 0, perMs: 64_570 } } },
    kind: 'rate-limited',
    whose: 'user',
    until: now + 64_570,
  },
  urgency: { urgent: undefined, high: undefined, normal: undefined },
  isSilenceKnown: true,
  checks: { account: [], address: 'right' },
};

describe('discord', () => {
  describeNotifier(contract);

  const sendBy = (transport: Transport) =>
    discord.send(
      contextOf({ origin: '', account: undefined, address: `http://127.0.0.1/api/webhooks/1/${token}` }, transport),
      notification,
    );

  test('the message waits to be saved, keeps its thread, rings nobody and shows its direction', async () => {
    const stage = await opening(contract);
    const context = { ...contextOf(stage), address: `${stage.address}?thread_id=77` };
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
    expect(await sendBy(transport)).toMatchObject(expected);
  });

  test('a 429 that is no JSON counts by IP address', async () => {
    const transport = answering({ status: 429, text: '<html>error 1015', headers: { 'retry-after': '600' } });
    expect(await sendBy(transport)).toMatchObject({
      kind: 'rate-limited',
      whose: 'account',
      until: now + 600_000,
    });
  });

  testReplays(contract, {
    'doc_429_global.json': { gives: rateLimited('Discord', 'account', now + 64_570) },
    'doc_429_shared.json': { gives: rateLimited('Discord', 'user', now + 1_336_570) },
    'doc_429_user.json': { gives: rateLimited('Discord', 'user', now + 64_570) },
    'error_404_unknown_webhook.json': {
      gives: {
        kind: 'rejected',
        whose: 'user',
        isGone: true,
        problem: {
          detail: 'Discord knows no such webhook (Unknown Webhook)',
          remedy: "make a new webhook in the channel's settings and write its address to users.dmitry in the secret",
        },
      },
    },
  });
});
