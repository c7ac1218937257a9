import { describe, expect, test } from '@jest/globals';
import { telegram } from '../../../src/adapters/notifiers/telegram.js';
import type { Transport } from '../../../src/adapters/notifiers/transport.js';
import {
  type TelegramChat,
  type TelegramState,
  telegramLimits,
  telegramSimulator,
} from '../../../src/simulators/telegram.js';
import { answerOf, captured, testCaptured } from '../../support/captured.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening } from './contract.js';
import { answering } from './recorded.js';
import { accepted, type Replayed, rateLimited, rejected, testReplays } from './replayed.js';

const token = '123456789:FAKE-token_FAKEtokenFAKEtokenFAKEto';
const chat = '987654321';

const contract: Contract<TelegramState> = {
  channel: 'telegram',
  simulator: telegramSimulator,
  fresh: () => ({
    token,
    chats: new Map([[chat, 'open']]),
    updates: [],
    updatesTakenBy: undefined,
    received: [],
    limits: telegramLimits,
  }),
  reachedAt: (url) => ({
    origin: url,
    account: { token },
    address: chat,
    keys: [token, 'FAKE-token_FAKEtokenFAKEtokenFAKEto', chat],
  }),
  seen: ({ received }) =>
    received.map(({ text, isSilent }) => {
      const [title = '', ...lines] = text.split('\n');
      return { title, text: lines.join('\n'), isSilent };
    }),
  refusals: [
    { name: 'of the token', given: { token: 'another' }, kind: 'rejected', whose: 'account' },
    { name: 'of an unknown chat', given: { chats: new Map() }, kind: 'rejected', whose: 'user' },
    ...(['blocked', 'deactivated', 'not-started', { moved: -1001234567890 }] as const).map((as) => ({
      name: `of a chat that is ${JSON.stringify(as)}`,
      given: { chats: new Map<string, TelegramChat>([[chat, as]]) },
      kind: 'rejected' as const,
      whose: 'user' as const,
    })),
  ],
  limited: {
    given: { limits: { ...telegramLimits, chat: { most: 0, perMs: 34_000 } } },
    kind: 'rate-limited',
    whose: 'user',
    until: now + 34_000,
  },
  urgency: { urgent: undefined, high: undefined, normal: undefined },
  isSilenceKnown: true,
  checks: { account: ['right'], address: 'right' },
};

describe('telegram', () => {
  describeNotifier(contract);

  const sendBy = (transport: Transport, message = notification) =>
    telegram.send(contextOf({ origin: 'http://127.0.0.1:1', account: { token }, address: chat }, transport), message);
  const json = (status: number, body: object) => ({ status, text: JSON.stringify(body), headers: {} });
  const sent = json(200, { ok: true, result: { message_id: 1 } });
  const unparsable = json(400, { ok: false, error_code: 400, description: "Bad Request: can't parse entities: x" });

  test('the message is HTML with everything escaped, and shows no previews of links', async () => {
    const transport = answering(sent);
    await sendBy(transport, { ...notification, title: 'a<b', lines: ['c & d'], isSilent: true });
    expect(transport.asked.map(({ body }) => body)).toEqual([
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
    const once = answering(unparsable, sent);
    expect(await sendBy(once, { ...notification, title: 'a<b' })).toEqual({
      kind: 'accepted',
      receipt: undefined,
    });
    expect(once.asked.map(({ body: { text, parse_mode } }) => [text, parse_mode])).toEqual([
      [`<b>a&lt;b</b>\n${notification.lines.join('\n')}`, 'HTML'],
      [`a<b\n${notification.lines.join('\n')}`, undefined],
    ]);
    const twice = answering(unparsable, unparsable, sent);
    expect(await sendBy(twice)).toMatchObject({
      kind: 'rejected',
      whose: 'message',
    });
    expect(twice.asked).toHaveLength(2);
  });

  test('the new id of a group is nowhere in what is told', async () => {
    const body = {
      ok: false,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: -1001234567890 },
    };
    const outcome = await sendBy(answering(json(400, body)));
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
    const stage = await opening(contract);
    stage.state.updates.push(
      { chatId: 5, firstName: 'Dmitry' },
      { chatId: -100, firstName: 'Group' },
      { chatId: 5, firstName: 'Dmitry' },
    );
    const here = contextOf(stage);
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
        detail: 'a webhook takes what is written to this bot',
        remedy: 'make a bot of its own with @BotFather; or remove the webhook, with the program that has set it',
      },
    });
    stage.state.token = 'another';
    stage.state.updatesTakenBy = undefined;
    expect(await telegram.findAddresses?.(here)).toMatchObject({
      ok: false,
      error: { remedy: expect.stringContaining('BotFather') },
    });
  });

  const find: Replayed['call'] = (context) => telegram.findAddresses?.(context);
  const taken = (detail: string, remedy: string): Replayed => ({
    call: find,
    gives: { ok: false, error: { detail, remedy } },
  });
  const openChat = 'open the bot in that chat, unblock it and press Start; or correct users.dmitry in the secret';
  testReplays(contract, {
    'error_400_cant_parse_entities.json': {
      gives: rejected(
        'message',
        "Telegram refuses the message (Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\')",
        'shorten the name and notes of the row',
      ),
      requests: 2,
    },
    'error_400_chat_not_found.json': {
      gives: rejected('user', 'Telegram refuses the chat (Bad Request: chat not found)', openChat),
    },
    'error_403_blocked.json': {
      gives: rejected('user', 'Telegram refuses the chat (Forbidden: bot was blocked by the user)', openChat),
    },
    'error_409_getUpdates_two_readers.json': taken(
      'another program reads what is written to this bot',
      'stop the other program that reads this bot, or make a bot of its own with @BotFather',
    ),
    'error_409_getUpdates_webhook_active.json': taken(
      'a webhook takes what is written to this bot',
      'make a bot of its own with @BotFather; or remove the webhook, with the program that has set it',
    ),
    'error_429_retry_after.json': { gives: rateLimited('Telegram', 'user', now + 34_000) },
    'error_429_retry_after_10072.json': { gives: rateLimited('Telegram', 'user', now + 10_072_000) },
    'sendMessage_200_2017.json': { gives: accepted() },
  });

  const answers = ['telegram/error_400_cant_parse_entities.json', 'telegram/sendMessage_200_2017.json'];
  testCaptured('the recorded acceptance of the plain text counts', answers, async () => {
    const stage = await opening(contract);
    const [refusal, acceptance] = answers.map((file) => answerOf(captured(file)));
    stage.traffic.fault = ({ body }) => {
      const outcome = body.includes('parse_mode') ? refusal : acceptance;
      return outcome && { outcome };
    };
    expect(await telegram.send(contextOf(stage), notification)).toEqual(accepted());
    expect(stage.traffic.requests).toHaveLength(2);
  });
});
