import { PassThrough } from 'node:stream';
import { beforeEach, expect, test } from '@jest/globals';
import { parseKeys } from '../../src/adapters/notifiers/keys-text.js';
import { createTransport } from '../../src/adapters/notifiers/transport.js';
import { type Asker, createAsker } from '../../src/cli/ask.js';
import type { AddressSearch } from '../../src/cli/find-address.js';
import { makeSecret } from '../../src/cli/secret-command.js';
import { startSimulators } from '../../src/simulators/start.js';
import { fakeKey, leaked } from '../support/fake-secret.js';
import { oneForAll, openFolder } from '../support/lifetime.js';
import { openTerminal } from './terminal.js';

const token = fakeKey('Token');
const pushoverKey = fakeKey('Dmitry');
const discordUrl = 'https://discord.com/api/webhooks/112233445566/FAKE-discord-token';
const slackUrl = 'https://hooks.slack.com/services/TFAKE00001/BFAKE00001/FAKEFAKEFAKEFAKEFAKEFAKE';
const hookUrl = 'https://receiver.example/FAKEhookFAKEhook';
const hookSecret = `whsec_${Buffer.from('FAKE secret FAKE secret FAKE se').toString('base64')}`;
const topic = 'FAKEtopic-of-dmitry';

const simulators = oneForAll(() => startSimulators({ now: () => clock }));
const folder = oneForAll(openFolder);
let botToken: string;
let files = 0;
let clock = 0;
let waits: number[];
/** What happens while somebody is waited for. */
let meanwhile: (waited: number) => void;
const said: string[] = [];

beforeEach(() => {
  const { telegram } = simulators.channels;
  botToken = telegram.token;
  telegram.updates.length = 0;
  telegram.updatesTakenBy = undefined;
  simulators.traffic.telegram.requests.length = 0;
  simulators.traffic.telegram.fault = () => undefined;
  waits = [];
  meanwhile = () => undefined;
});

const write = (chatId: number, firstName: string) =>
  void simulators.channels.telegram.updates.push({ chatId, firstName });

async function run(answers: readonly string[], asker?: Asker) {
  const file = `${files++}.json`;
  const search: AddressSearch = {
    transport: createTransport({ timeoutMs: 5_000 }),
    origins: { TELEGRAM_BASE_URL: simulators.environment.TELEGRAM_BASE_URL ?? '' },
    now: () => clock,
    pause: async (ms) => {
      clock += ms;
      waits.push(ms);
      meanwhile(waits.length);
    },
  };
  const terminal = openTerminal(answers, asker);
  const options = { name: 'trading-alerts', region: undefined, out: folder.pathOf(file) };
  const made = await makeSecret(options, terminal, search);
  const told = await terminal.close();
  said.push(...told, made.ok ? made.value : made.error);
  const written = await folder.read(file).catch(() => undefined);
  return { made, told, secret: written === undefined ? undefined : JSON.parse(written) };
}

test('every channel is asked for what it needs, user by user, and the check can read it', async () => {
  const { made, told, secret } = await run([
    'pushover, telegram discord slack ntfy webhook',
    token,
    botToken,
    'dmitry',
    '',
    pushoverKey,
    '123456789',
    discordUrl,
    slackUrl,
    topic,
    '',
    '',
    hookUrl,
    hookSecret,
    'anna',
    'ntfy',
    topic,
    'tk_FAKEfakeFAKEfake',
    'https://ntfy.example.com',
    '',
  ]);
  expect(made.ok).toBe(true);
  const webhook = { url: hookUrl, secret: hookSecret };
  expect(secret).toEqual({
    pushover: { token },
    telegram: { token: botToken },
    users: {
      dmitry: {
        pushover: pushoverKey,
        telegram: '123456789',
        discord: discordUrl,
        slack: slackUrl,
        ntfy: { topic },
        webhook,
      },
      anna: { ntfy: { topic, token: 'tk_FAKEfakeFAKEfake', server: 'https://ntfy.example.com' } },
    },
  });
  expect(parseKeys(JSON.stringify(secret)).users.size).toBe(2);
  const questions = told.filter((line) => line.endsWith(': '));
  expect(questions).toEqual([
    'Channels, one or several (blank: pushover): ',
    'API token of your Pushover application (not shown): ',
    'Token of your Telegram bot (not shown): ',
    'Name of user 1 (blank: no more): ',
    'Channels of dmitry (blank: pushover, telegram, discord, slack, ntfy, webhook): ',
    'Pushover user key of dmitry (not shown): ',
    'Telegram chat id of dmitry (blank: found by a message to the bot): ',
    'Discord webhook address of dmitry (not shown): ',
    'Slack webhook address of dmitry (not shown): ',
    'ntfy topic of dmitry (not shown): ',
    'ntfy access token of dmitry (not shown; blank: none): ',
    'ntfy server of dmitry (blank: none): ',
    'Webhook address of dmitry (not shown): ',
    'Webhook secret of dmitry (not shown): ',
    'Name of user 2 (blank: no more): ',
    'Channels of anna (blank: pushover, telegram, discord, slack, ntfy, webhook): ',
    'ntfy topic of anna (not shown): ',
    'ntfy access token of anna (not shown; blank: none): ',
    'ntfy server of anna (blank: none): ',
    'Name of user 3 (blank: no more): ',
  ]);
});

test('a wrong field is asked for again alone', async () => {
  const { told, secret } = await run(['webhook', 'dmitry', 'receiver', hookUrl, 'whsec_short', hookSecret, '']);
  expect(secret).toEqual({ users: { dmitry: { webhook: { url: hookUrl, secret: hookSecret } } } });
  expect(told.filter((line) => line.startsWith('users.'))).toEqual([
    "users.dmitry.webhook.url: expected the receiver's address, https://…, got 8 characters",
    'users.dmitry.webhook.secret: expected whsec_ and 24 to 64 bytes in base64, got 11 characters',
  ]);
});

const untilChat = ['telegram', () => botToken, 'dmitry', ''];
const toChat = () => untilChat.map((each) => (typeof each === 'string' ? each : each()));

test('the chat id is found by the message to the bot: its owner chooses who of them they are', async () => {
  meanwhile = (waited) => {
    if (waited !== 3) return;
    write(700_000_001, 'A stranger');
    write(700_000_002, 'Dmitry 🚀');
  };
  const { told, secret } = await run([...toChat(), '9', '2', '']);
  expect(secret.users).toEqual({ dmitry: { telegram: '700000002' } });
  expect(waits).toEqual([2_000, 2_000, 2_000]);
  expect(told).toEqual(
    expect.arrayContaining([
      'Now dmitry opens the bot in Telegram and presses Start, or writes to it. It is waited for, up to two minutes.',
      '  1  A stranger',
      '  2  Dmitry 🚀',
      'expected a number from 1 to 2',
    ]),
  );
});

test('whom nobody knows is looked for again', async () => {
  write(700_000_001, 'A stranger');
  meanwhile = () => write(700_000_002, 'Dmitry');
  const { secret } = await run([...toChat(), '', '2', '']);
  expect(secret.users).toEqual({ dmitry: { telegram: '700000002' } });
});

test('after two minutes without a message the id can be written', async () => {
  const { told, secret } = await run([...toChat(), '700000003', '']);
  expect(secret.users).toEqual({ dmitry: { telegram: '700000003' } });
  expect(waits.length).toBe(60);
  expect(told).toContain('Nobody has written to it so far. Leave the answer blank to wait again, or write it.');
});

test.each<[name: string, spoil: () => unknown, says: string]>([
  [
    'another program that reads the bot',
    () => Object.assign(simulators.channels.telegram, { updatesTakenBy: 'another-reader' }),
    'another program reads what is written to this bot; stop the other program that reads this bot, or make a bot of its own with @BotFather',
  ],
  [
    'no answer',
    () => Object.assign(simulators.traffic.telegram, { fault: () => ({ outcome: 'reset' }) }),
    'Telegram did not answer (the connection failed (ECONNRESET)); check the network and try again',
  ],
])('%s is told, and the id can be written', async (_name, spoil, says) => {
  spoil();
  const { told, secret } = await run([...toChat(), '700000003', '']);
  expect(told).toContain(says);
  expect(secret.users).toEqual({ dmitry: { telegram: '700000003' } });
});

test('Ctrl-C ends the waiting, and nothing is written', async () => {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const asker = createAsker(keyboard, new PassThrough());
  meanwhile = (waited) => {
    if (waited === 2) keyboard.write('\u0003');
    expect(waited).toBeLessThan(50);
  };
  const answers = toChat();
  const typing: Asker = {
    interrupted: asker.interrupted,
    close: asker.close,
    ask: (question, isHidden) => {
      const answered = asker.ask(question, isHidden);
      keyboard.write(`${answers.shift() ?? ''}\r`);
      return answered;
    },
  };
  const { made, secret } = await run([], typing);
  expect(made).toEqual({
    ok: false,
    error: 'the input ended before every question was answered; nothing was written',
  });
  expect(secret).toBeUndefined();
  expect(waits.length).toBeLessThan(50);
});

test('no key was in anything that was said above', () => {
  expect(said.length).toBeGreaterThan(50);
  const secrets = [
    token,
    botToken,
    pushoverKey,
    discordUrl,
    slackUrl,
    hookUrl,
    hookSecret,
    topic,
    'tk_FAKEfakeFAKEfake',
  ];
  const own = secrets.map((secret) =>
    secret.replace(/^https:\/\/(discord\.com\/api\/webhooks|hooks\.slack\.com\/services)\//, ''),
  );
  expect(leaked(said, own)).toEqual([]);
});
