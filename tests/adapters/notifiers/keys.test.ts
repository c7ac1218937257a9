import { describe, expect, test } from '@jest/globals';
import { readKeys } from '../../../src/adapters/notifiers/keys.js';
import { parseKeys } from '../../../src/adapters/notifiers/keys-text.js';
import { channelNames, notifierOf } from '../../../src/adapters/notifiers/registry.js';
import { SecretError } from '../../../src/adapters/secret-error.js';
import { fakeKey, leaked } from '../../support/fake-secret.js';

const token = fakeKey('Token');
const dmitry = fakeKey('Dmitry');
const anna = fakeKey('Anna');
const botToken = '123456789:FAKE-token_FAKEtokenFAKEtokenFAKEto';
const discordUrl = 'https://discord.com/api/webhooks/112233445566/FAKE-discord-token';
const slackUrl = 'https://hooks.slack.com/services/TFAKE00001/BFAKE00001/FAKEFAKEFAKEFAKEFAKEFAKE';
const hookSecret = `whsec_${Buffer.from('FAKE secret FAKE secret FAKE se').toString('base64')}`;
const account = { client_email: 'reader@fake-project.iam.gserviceaccount.com', private_key: 'FAKEPRIVATEKEYFAKE' };
const ntfy = { topic: 'FAKEtopic-of-dmitry', token: 'tk_FAKEfakeFAKEfake', server: 'https://ntfy.example.com' };
const webhook = { url: 'https://receiver.example/FAKEhookFAKEhook?key=FAKEqueryFAKE', secret: hookSecret };

const first = { pushover_api_token: token, pushover_users: { default: anna, dmitry }, google_service_account: account };
const second = {
  pushover: { token },
  telegram: { token: botToken },
  users: {
    default: { pushover: anna },
    dmitry: { pushover: dmitry, telegram: 123456789, discord: discordUrl, slack: slackUrl, ntfy, webhook },
  },
  google_service_account: account,
};

/** Values by their places. */
function shown(secret: unknown) {
  const keys = readKeys(secret);
  if (!keys.ok) return keys.error.map(({ place, detail }) => `${place}: ${detail}`);
  const users = [...keys.value.users].map(([name, channels]) => [name, channels] as const);
  return { accounts: keys.value.accounts, users: Object.fromEntries(users), google: keys.value.googleServiceAccount };
}

describe('a right secret', () => {
  test('of the first form knows Pushover alone', () => {
    expect(shown(first)).toEqual({
      accounts: { pushover: { place: 'pushover_api_token', value: { token } } },
      users: {
        default: { pushover: { place: 'pushover_users.default', value: anna } },
        dmitry: { pushover: { place: 'pushover_users.dmitry', value: dmitry } },
      },
      google: account,
    });
  });

  test('of the second form knows every channel', () => {
    expect(shown(second)).toEqual({
      accounts: {
        pushover: { place: 'pushover', value: { token } },
        telegram: { place: 'telegram', value: { token: botToken } },
      },
      users: {
        default: { pushover: { place: 'users.default.pushover', value: anna } },
        dmitry: {
          pushover: { place: 'users.dmitry.pushover', value: dmitry },
          telegram: { place: 'users.dmitry.telegram', value: '123456789' },
          discord: { place: 'users.dmitry.discord', value: discordUrl },
          slack: { place: 'users.dmitry.slack', value: slackUrl },
          ntfy: { place: 'users.dmitry.ntfy', value: ntfy },
          webhook: { place: 'users.dmitry.webhook', value: webhook },
        },
      },
      google: account,
    });
  });

  test('may have both forms together, also the same key twice', () => {
    const both = {
      ...first,
      ...second,
      users: { dmitry: { pushover: dmitry, telegram: '@channel' }, boris: { slack: slackUrl } },
    };
    expect(shown(both)).toMatchObject({
      users: {
        default: { pushover: { value: anna } },
        dmitry: { pushover: { value: dmitry }, telegram: { value: '@channel' } },
        boris: { slack: { value: slackUrl } },
      },
    });
    const { pushover: _, ...withoutAccount } = second;
    expect(shown({ ...withoutAccount, pushover_api_token: token })).toMatchObject({
      accounts: { pushover: { value: { token } } },
    });
    expect(shown({ pushover: { token }, pushover_users: { anna } })).toMatchObject({
      users: { anna: { pushover: { value: anna } } },
    });
  });

  test('needs neither an account that nobody uses nor a service account, and may hold more', () => {
    expect(shown({ users: { boris: { slack: slackUrl } }, note: 'x' })).toEqual({
      accounts: {},
      users: { boris: { slack: { place: 'users.boris.slack', value: slackUrl } } },
      google: undefined,
    });
  });

  test('is read from text with a byte order mark, and its keys with spaces around them', () => {
    const text = `\uFEFF${JSON.stringify({ pushover: { token: ` ${token}\n` }, users: { anna: { pushover: `${anna} ` } } })}`;
    expect(parseKeys(text).users.get('anna')?.pushover?.value).toBe(anna);
    expect(parseKeys(text).accounts.pushover?.value).toEqual({ token });
  });

  test.each(['constructor', 'toString', 'hasOwnProperty'])(
    'may have a user called %s, and nobody is one by chance',
    (name) => {
      const keys = parseKeys(JSON.stringify({ users: { [name]: { slack: slackUrl } } }));
      expect([...keys.users.keys()]).toEqual([name]);
    },
  );

  test.each([
    { channel: 'discord', address: 'http://127.0.0.1:8080/api/webhooks/1/x' },
    { channel: 'discord', address: 'https://canary.discord.com/api/v10/webhooks/1/abc_-?thread_id=5' },
    { channel: 'slack', address: 'http://localhost:1/services/T/B/x' },
    { channel: 'webhook', address: { url: 'http://[::1]:9/hook', secret: hookSecret } },
    { channel: 'webhook', address: { url: 'https://10.0.0.5/hook', secret: hookSecret } },
    { channel: 'ntfy', address: { topic: 't', server: 'http://127.0.0.1:8080' } },
  ])('may lead $channel to $address', ({ channel, address }) => {
    expect(shown({ users: { anna: { [channel]: address } } })).toMatchObject({
      users: { anna: { [channel]: { value: address } } },
    });
  });
});

const tokenExpected = 'expected the API token of your Pushover application, 30 letters and digits';
const userExpected = 'expected a Pushover user key, 30 letters and digits';
const chatExpected = 'expected a chat id, such as 123456789 or -1001234567890, or a public channel, such as @name';
const webhookExpected = 'expected {"url": "https://…", "secret": "whsec_…"}';
const discordExpected = "expected a webhook's address, https://discord.com/api/webhooks/…";
const slackExpected = "expected an incoming webhook's address, https://hooks.slack.com/services/…";
const channelsExpected = `expected channels among ${channelNames.join(', ')}, got another name`;

const of = (channels: object) => ({ telegram: { token: botToken }, pushover: { token }, users: { anna: channels } });

const wrong: [name: string, secret: unknown, ...problems: string[]][] = [
  ['text', 'SECRETTEXTSECRETTEXT', ': expected an object, got 20 characters'],
  ['a list', [first], ': expected an object, got a list'],
  [
    'an empty object',
    {},
    'users: expected each name with its channels, such as {"default": {"pushover": "…"}}, got nothing',
  ],
  [
    'a token of the first form that is too short',
    { ...first, pushover_api_token: token.slice(1) },
    `pushover_api_token: ${tokenExpected}, got 29 characters`,
  ],
  [
    'users of the first form without their token',
    { pushover_users: { dmitry } },
    `pushover_api_token: ${tokenExpected}, got nothing`,
  ],
  [
    'a token of the first form without users',
    { pushover_api_token: token },
    'pushover_users: expected each name with its Pushover user key, such as {"default": "…"}, got nothing',
  ],
  [
    'a user of the first form whose key has a letter too many',
    { ...first, pushover_users: { dmitry, anna: `${anna}x` } },
    `pushover_users.anna: ${userExpected}, got 31 characters`,
  ],
  [
    'names and keys the wrong way round',
    { ...first, pushover_users: { [dmitry]: 'dmitry' } },
    'pushover_users: expected a short name, without spaces around it, before each key, got what looks like a key',
  ],
  [
    'an address in place of a name',
    { users: { [discordUrl]: { discord: discordUrl } } },
    'users: expected a short name, without spaces around it, before each key, got what looks like a key',
  ],
  [
    'two forms that contradict each other',
    { ...first, pushover: { token: fakeKey('Other') }, users: { dmitry: { pushover: anna } } },
    'pushover: expected the same as pushover_api_token, or only one of the two, got another',
    'users.dmitry.pushover: expected the same as pushover_users.dmitry, or only one of the two, got another',
  ],
  [
    'a chat without the bot',
    { users: { anna: { telegram: 1 } } },
    'telegram: expected {"token": "…"} beside the users who have telegram, got nothing',
  ],
  [
    'a bot that is no object',
    { ...of({ telegram: 1 }), telegram: botToken },
    `telegram: expected {"token": "…"} with a bot's token, got ${botToken.length} characters`,
  ],
  [
    "a bot's token without its number",
    { ...of({ telegram: 1 }), telegram: { token: 'FAKEtokenFAKEtoken' } },
    "telegram.token: expected a bot's token as @BotFather gives it, digits, a colon and letters, got 18 characters",
  ],
  [
    'a user who is text',
    of('FAKEtextFAKEtext' as never),
    'users.anna: expected channels with their keys, such as {"pushover": "…"}, got 16 characters',
  ],
  [
    'a user without channels',
    of({}),
    'users.anna: expected channels with their keys, such as {"pushover": "…"}, got none',
  ],
  [
    'a channel that does not exist',
    of({ telegramm: 1, constructor: 2 }),
    `users.anna: ${channelsExpected}`,
    `users.anna: ${channelsExpected}`,
  ],
  [
    'a chat by its title',
    of({ telegram: 'My secret group' }),
    `users.anna.telegram: ${chatExpected}, got 15 characters`,
  ],
  ['a chat that is a list', of({ telegram: [1] }), `users.anna.telegram: ${chatExpected}, got a list`],
  ['a chat that is no whole number', of({ telegram: 1.5 }), `users.anna.telegram: ${chatExpected}, got 3 characters`],
  [
    'Discord by plain http',
    of({ discord: discordUrl.replace('https', 'http') }),
    `users.anna.discord: ${discordExpected}, got ${discordUrl.length - 1} characters`,
  ],
  [
    'Discord elsewhere',
    of({ discord: 'https://discord.com.evil.example/api/webhooks/1/FAKEFAKEFAKE' }),
    `users.anna.discord: ${discordExpected}, got 60 characters`,
  ],
  [
    'Slack with a password',
    of({ slack: slackUrl.replace('//', '//FAKEuser:FAKEpassword@') }),
    `users.anna.slack: ${slackExpected}, got ${slackUrl.length + 22} characters`,
  ],
  ['Slack that is a number', of({ slack: 5 }), `users.anna.slack: ${slackExpected}, got a number`],
  [
    'ntfy with everything wrong',
    of({ ntfy: { topic: 'FAKE topic', token: 'FAKEtokenFAKE', server: 'https://ntfy.example.com/FAKEpath' } }),
    'users.anna.ntfy.topic: expected the name of a topic, at most 64 letters, digits, dashes and underscores, got 10 characters',
    'users.anna.ntfy.token: expected an access token, tk_ and letters and digits, got 13 characters',
    'users.anna.ntfy.server: expected the address of your own server, such as https://ntfy.example.com, got 33 characters',
  ],
  [
    'a webhook without its secret',
    of({ webhook: { url: webhook.url } }),
    `users.anna.webhook.secret: ${webhookExpected}, got nothing`,
  ],
  [
    'a webhook with too short a secret, by plain http',
    of({ webhook: { url: 'http://receiver.example/FAKEhook', secret: 'whsec_FAKEFAKEFAKE' } }),
    "users.anna.webhook.url: expected the receiver's address, https://…, got 32 characters",
    'users.anna.webhook.secret: expected whsec_ and 24 to 64 bytes in base64, got 18 characters',
  ],
  [
    'a service account whose fields are exchanged',
    { ...second, google_service_account: { client_email: account.private_key } },
    "google_service_account.client_email: expected the service account's e-mail address, got 18 characters",
    "google_service_account.private_key: expected the private_key of the service account's key file, got nothing",
  ],
];

describe('a wrong secret names every wrong part, and what was expected', () => {
  test.each(wrong)('%s', (_name, secret, ...problems) => expect(shown(secret)).toEqual(problems));
});

test('a wrong text throws a SecretError that holds nothing of it', () => {
  const texts = [...wrong.map(([, secret]) => JSON.stringify(secret)), token, `{"pushover": "${token}"\n "users": {}}`];
  const secrets = [
    token,
    dmitry,
    anna,
    botToken,
    discordUrl,
    slackUrl,
    hookSecret,
    'SECRETTEXTSECRETTEXT',
    'FAKEtextFAKEtext',
    'My secret group',
    'FAKEpassword',
    'FAKE topic',
    'FAKEtokenFAKE',
    'whsec_FAKEFAKEFAKE',
    'FAKEPRIVATEKEYFAKE',
    'evil.example',
  ];
  for (const text of texts) {
    let failure: unknown;
    try {
      parseKeys(text);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(SecretError);
    // The sentences name the services' own addresses, as examples.
    expect(
      leaked(
        failure,
        secrets.map((secret) =>
          secret.replace(/^https:\/\/(discord\.com\/api\/webhooks|hooks\.slack\.com\/services)\//, ''),
        ),
      ),
    ).toEqual([]);
  }
  expect(() => parseKeys('{"pushover": 1\n "users": 2}')).toThrow(/^the secret is not JSON \(line 2, column 2\): /);
});

describe('the questions for the keys', () => {
  test.each(channelNames)('of %s lead to every field that is needed', (channel) => {
    const { account: accountSchema, questions, address } = notifierOf(channel);
    expect(questions.account.length > 0).toBe(accountSchema !== undefined);
    const fields = questions.address.map(({ field }) => field);
    const isWhole = fields.includes('');
    expect(isWhole ? fields : fields.length).toEqual(
      isWhole ? [''] : Object.keys((address as never as { entries: object }).entries).length,
    );
  });
});
