import { describe, expect, test } from '@jest/globals';
import { telegram } from '../../../src/adapters/notifiers/telegram.js';
import { createTraffic } from '../../../src/simulators/faults.js';
import { serveSimulator } from '../../../src/simulators/loopback.js';
import {
  type TelegramChat,
  type TelegramState,
  telegramLimits,
  telegramSimulator,
} from '../../../src/simulators/telegram.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening, type Stage } from './contract.js';
import { answering, testOverRecordings } from './recorded.js';

const token = '123456789:FAKE-token_FAKEtokenFAKEtokenFAKEto';
const chat = '987654321';

interface TelegramStage extends Stage {
  readonly state: TelegramState;
}

async function start(): Promise<TelegramStage> {
  const chats = new Map<string, TelegramChat>();
  const state: TelegramState = {
    token,
    chats,
    updates: [],
    updatesTakenBy: undefined,
    received: [],
    limits: telegramLimits,
  };
  const traffic = createTraffic();
  let later = 0;
  const served = await serveSimulator(
    telegramSimulator(state, traffic, () => now + later),
    traffic,
  );
  return {
    state,
    traffic,
    origin: served.url,
    account: { token },
    address: chat,
    keys: [token, 'FAKE-token_FAKEtokenFAKEtokenFAKEto', chat],
    seen: () =>
      state.received.map(({ text, isSilent }) => {
        const [title = '', ...lines] = text.split('\n');
        return { title, text: lines.join('\n'), isSilent };
      }),
    reset: () => {
      later += 3_600_000;
      state.token = token;
      state.chats.clear();
      state.chats.set(chat, 'open');
      state.received.length = 0;
      state.updates.length = 0;
      state.updatesTakenBy = undefined;
      state.limits = telegramLimits;
    },
    limit: () => {
      state.limits = { ...telegramLimits, chat: { most: 0, perMs: 34_000 } };
    },
    close: served.close,
  };
}

const contract: Contract<TelegramStage> = {
  channel: 'telegram',
  start,
  refusals: [
    {
      name: 'of the token',
      kind: 'rejected',
      whose: 'account',
      given: ({ state }) => {
        state.token = 'another';
      },
    },
    { name: 'of an unknown chat', kind: 'rejected', whose: 'user', given: ({ state }) => state.chats.clear() },
    ...(['blocked', 'deactivated', 'not-started', { moved: -1001234567890 }] as const).map((as) => ({
      name: `of a chat that is ${JSON.stringify(as)}`,
      kind: 'rejected' as const,
      whose: 'user' as const,
      given: ({ state }: TelegramStage) => void state.chats.set(chat, as),
    })),
  ],
  limited: { kind: 'rate-limited', whose: 'user', until: now + 34_000 },
  urgency: { urgent: undefined, high: undefined, normal: undefined },
  isSilenceKnown: true,
  checks: { account: ['right'], address: 'right' },
};

describe('telegram', () => {
  describeNotifier(contract);

  const context = contextOf({ origin: 'http://127.0.0.1:1', account: { token }, address: chat });
  const bodies: Record<string, unknown>[] = [];
  const answers = (...replies: { status: number; body: object }[]) => {
    bodies.length = 0;
    return {
      ...(context as Parameters<typeof telegram.send>[0]),
      transport: (async (request) => {
        bodies.push(JSON.parse(String(request.body)));
        const { status, body } = replies[bodies.length - 1] ?? { status: 500, body: {} };
        return answering({ status, text: JSON.stringify(body), headers: {} })(request);
      }) as typeof context.transport,
    };
  };
  const accepted = { status: 200, body: { ok: true, result: { message_id: 1 } } };
  const unparsable = {
    status: 400,
    body: { ok: false, error_code: 400, description: "Bad Request: can't parse entities: x" },
  };

  test('the message is HTML with everything escaped, and shows no previews of links', async () => {
    await telegram.send(answers(accepted), { ...notification, title: 'a<b', lines: ['c & d'], isSilent: true });
    expect(bodies).toEqual([
      {
        chat_id: 987654321,
        text: '<b>a&lt;b</b>\nc &amp; d',
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
        disable_notification: true,
      },
    ]);
  });

  test('what cannot be parsed is sent once more as plain text, and no third time', async () => {
    expect(await telegram.send(answers(unparsable, accepted), { ...notification, title: 'a<b' })).toEqual({
      kind: 'accepted',
      receipt: undefined,
    });
    expect(bodies.map(({ text, parse_mode }) => [text, parse_mode])).toEqual([
      [`<b>a&lt;b</b>\n${notification.lines.join('\n')}`, 'HTML'],
      [`a<b\n${notification.lines.join('\n')}`, undefined],
    ]);
    expect(await telegram.send(answers(unparsable, unparsable, accepted), notification)).toMatchObject({
      kind: 'rejected',
      whose: 'message',
    });
    expect(bodies).toHaveLength(2);
  });

  test('the new id of a group is nowhere in what is told', async () => {
    const body = {
      ok: false,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: -1001234567890 },
    };
    const outcome = await telegram.send(answers({ status: 400, body }), notification);
    expect(outcome).toEqual({
      kind: 'rejected',
      whose: 'user',
      isGone: false,
      problem: {
        detail: 'the Telegram group became a supergroup and has a new chat id',
        remedy: 'run "trading-alerts secret" again, or write the group\'s new chat id to users.dmitry in the secret',
      },
    });
  });

  test('who wrote to the bot is found, each once, without confirming anything', async () => {
    const stage = await opening(start);
    stage.state.updates.push(
      { chatId: 5, firstName: 'Dmitry' },
      { chatId: -100, firstName: 'Group' },
      { chatId: 5, firstName: 'Dmitry' },
    );
    const here = contextOf(stage) as Parameters<typeof telegram.send>[0];
    expect(await telegram.findAddresses?.(here)).toEqual({
      ok: true,
      value: [
        { label: 'Dmitry', address: '5' },
        { label: 'Group', address: '-100' },
      ],
    });
    expect(stage.traffic.requests.map(({ body }) => body)).toEqual(['{"allowed_updates":["message"]}']);
    stage.state.updatesTakenBy = 'webhook';
    expect(await telegram.findAddresses?.(here)).toEqual({
      ok: false,
      error: {
        detail: 'another program reads what is written to this bot',
        remedy: 'stop the other program that reads this bot, or make a bot of its own with @BotFather',
      },
    });
    stage.state.token = 'another';
    stage.state.updatesTakenBy = undefined;
    expect(await telegram.findAddresses?.(here)).toMatchObject({
      ok: false,
      error: { remedy: expect.stringContaining('BotFather') },
    });
  });

  testOverRecordings(
    'telegram',
    'every recorded answer is taken for what it is',
    [
      'error_400_cant_parse_entities.json',
      'error_400_chat_not_found.json',
      'error_403_blocked.json',
      'error_409_getUpdates_two_readers.json',
      'error_409_getUpdates_webhook_active.json',
      'error_429_retry_after.json',
      'error_429_retry_after_10072.json',
      'sendMessage_200_2017.json',
    ],
    async (all) => {
      const expected: Record<string, string> = {
        'error_400_cant_parse_entities.json': 'rejected message',
        'error_400_chat_not_found.json': 'rejected user',
        'error_403_blocked.json': 'rejected user',
        'error_409_getUpdates_two_readers.json': 'rejected message',
        'error_409_getUpdates_webhook_active.json': 'rejected message',
        'error_429_retry_after.json': `rate-limited user ${now + 34_000}`,
        'error_429_retry_after_10072.json': `rate-limited user ${now + 10_072_000}`,
        'sendMessage_200_2017.json': 'accepted',
      };
      for (const recorded of all) {
        const outcome = await telegram.send(
          { ...(context as never as Parameters<typeof telegram.send>[0]), transport: answering(recorded) },
          notification,
        );
        const { kind, whose, until } = outcome as { kind: string; whose?: string; until?: number };
        const came = [kind, whose, until].filter((part) => part !== undefined).join(' ');
        expect({ file: recorded.file, came }).toEqual({ file: recorded.file, came: expected[recorded.file] });
      }
    },
  );
});
