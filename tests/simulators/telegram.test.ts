import { expect, test } from '@jest/globals';
import {
  type TelegramChat,
  type TelegramState,
  telegramLimits,
  telegramSimulator,
} from '../../src/simulators/telegram.js';
import { asJson, askOf, createClock, formOf, recording, start, testOverRecordings } from './support.js';

function stage() {
  const state: TelegramState = {
    token: '1:FAKE',
    chats: new Map<string, TelegramChat>([
      ['666', 'open'],
      ['-5', 'open'],
      ['7', 'blocked'],
      ['8', { moved: -100 }],
    ]),
    updates: [{ chatId: 666, firstName: 'Dmitry' }],
    updatesTakenBy: undefined,
    received: [],
    limits: telegramLimits,
  };
  const clock = createClock();
  const ask = askOf((traffic) => telegramSimulator(state, traffic, clock.now));
  const call = async (method: string, body: object = {}, token = state.token) => {
    const { status, text } = await ask(`/bot${token}/${method}`, asJson(body));
    return { status, body: JSON.parse(text) };
  };
  return { state, clock, ask, call };
}

test('a message is kept as people read it', async () => {
  const { state, call } = stage();
  const answer = await call('sendMessage', {
    chat_id: 666,
    text: '<b>a &lt; b</b>\n&amp;amp; c',
    parse_mode: 'HTML',
    disable_notification: true,
  });
  expect(answer).toMatchObject({ status: 200, body: { ok: true, result: { message_id: 1, text: 'a < b\n&amp; c' } } });
  expect(state.received).toMatchObject([
    { receivedAt: start, chat: '666', text: 'a < b\n&amp; c', isSilent: true, parseMode: 'HTML' },
  ]);
});

test.each<[name: string, fields: object, status: number, description: RegExp]>([
  [
    'a tag that there is not',
    { text: '<x>', parse_mode: 'HTML' },
    400,
    /^Bad Request: can't parse entities: Unsupported/,
  ],
  [
    'a tag that is not closed',
    { text: '<b>a', parse_mode: 'HTML' },
    400,
    /^Bad Request: can't parse entities: Can't find/,
  ],
  ['a bare sign', { text: 'a < b', parse_mode: 'HTML' }, 400, /^Bad Request: can't parse entities: /],
  ['an empty text', { text: '<b> </b>', parse_mode: 'HTML' }, 400, /message text is empty$/],
  ['too long a text', { text: 'x'.repeat(4097) }, 400, /message is too long$/],
  ['an unknown chat', { chat_id: 1, text: 'x' }, 400, /chat not found$/],
  ['a chat that blocked the bot', { chat_id: 7, text: 'x' }, 403, /blocked by the user$/],
  ['a group that moved', { chat_id: 8, text: 'x' }, 400, /upgraded to a supergroup chat$/],
])('%s is refused', async (_name, fields, status, description) => {
  const { state, call } = stage();
  const answer = await call('sendMessage', { chat_id: 666, ...fields });
  expect(answer).toMatchObject({
    status,
    body: { ok: false, error_code: status, description: expect.stringMatching(description) },
  });
  expect(state.received).toEqual([]);
});

test('the longest text counts after parsing', async () => {
  const { call } = stage();
  expect(
    (await call('sendMessage', { chat_id: 666, text: `<b>${'&amp;'.repeat(4096)}</b>`, parse_mode: 'HTML' })).status,
  ).toBe(200);
});

test('one message a second goes to a chat, twenty a minute to a group', async () => {
  const { clock, call } = stage();
  const send = (chat: number) => call('sendMessage', { chat_id: chat, text: 'x' });
  expect((await send(666)).status).toBe(200);
  expect(await send(666)).toEqual({
    status: 429,
    body: {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    },
  });
  clock.wait(1_000);
  expect((await send(666)).status).toBe(200);
  const toGroup: number[] = [];
  for (let count = 0; count < 21; count += 1) toGroup.push((await send(-5)).status);
  expect(toGroup).toEqual([...Array(20).fill(200), 429]);
});

test('another token and another method are unknown', async () => {
  const { call } = stage();
  expect(await call('getMe', {}, '1:OTHER')).toEqual({
    status: 401,
    body: { ok: false, error_code: 401, description: 'Unauthorized' },
  });
  expect((await call('getNothing')).status).toBe(404);
});

test('the bot, a chat and who wrote are told', async () => {
  const { state, call } = stage();
  expect((await call('getMe')).body).toMatchObject({ ok: true, result: { is_bot: true } });
  expect((await call('getChat', { chat_id: 666 })).body).toMatchObject({
    ok: true,
    result: { id: 666, type: 'private' },
  });
  expect((await call('getChat', { chat_id: 1 })).status).toBe(400);
  expect((await call('getUpdates')).body).toMatchObject({
    ok: true,
    result: [{ message: { chat: { id: 666 }, text: '/start' } }],
  });
  state.updatesTakenBy = 'webhook';
  expect((await call('getUpdates')).status).toBe(409);
});

testOverRecordings(
  'telegram',
  'the answers have the form of the real ones',
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
  async () => {
    const { state, clock, ask, call } = stage();
    const body = 'text=tach&chat_id=666&parse_mode=HTML';
    const sent = await ask('/bot1:FAKE/sendMessage', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    const real = recording('telegram', 'sendMessage_200_2017.json');
    expect(formOf(JSON.parse(sent.text))).toEqual(formOf(JSON.parse(real.text)));
    const same = async (file: string, answer: { status: number; body: unknown }, isWord = true) => {
      const { status, text } = recording('telegram', file);
      expect(answer).toEqual({ status, body: isWord ? JSON.parse(text) : expect.anything() });
      expect(formOf(answer.body)).toEqual(formOf(JSON.parse(text)));
    };
    await same('error_400_chat_not_found.json', await call('sendMessage', { chat_id: 1, text: 'x' }));
    await same('error_403_blocked.json', await call('sendMessage', { chat_id: 7, text: 'x' }));
    await same(
      'error_400_cant_parse_entities.json',
      await call('sendMessage', { chat_id: -5, text: '<x>', parse_mode: 'HTML' }),
      false,
    );
    clock.wait(60_000);
    for (const [file, perMs] of [
      ['error_429_retry_after.json', 34_000],
      ['error_429_retry_after_10072.json', 10_072_000],
    ] as const) {
      state.limits = { ...telegramLimits, chat: { most: 0, perMs } };
      await same(file, await call('sendMessage', { chat_id: 666, text: 'x' }));
    }
    state.updatesTakenBy = 'another-reader';
    await same('error_409_getUpdates_two_readers.json', await call('getUpdates'));
    state.updatesTakenBy = 'webhook';
    await same('error_409_getUpdates_webhook_active.json', await call('getUpdates'));
  },
);
