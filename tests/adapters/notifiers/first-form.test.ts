import { describe, expect, test } from '@jest/globals';
import type { Keys } from '../../../src/adapters/notifiers/keys.js';
import { parseKeys } from '../../../src/adapters/notifiers/keys-text.js';
import { SecretError } from '../../../src/adapters/secret-error.js';
import { fakeKey, leaked } from '../../support/fake-secret.js';

const token = fakeKey('Token');
const dmitry = fakeKey('Dmitry');
const account = { client_email: 'reader@fake-project.iam.gserviceaccount.com', private_key: 'FAKEPRIVATEKEYFAKE' };
const right = {
  pushover_api_token: token,
  pushover_users: { dmitry, default: fakeKey('Default') },
  google_service_account: account,
};

/** As it was written. */
function firstForm({ accounts, users, googleServiceAccount }: Keys): object {
  return {
    pushover_api_token: (accounts.pushover as { value: { token: string } }).value.token,
    pushover_users: Object.fromEntries([...users].map(([name, { pushover }]) => [name, pushover?.value])),
    ...(googleServiceAccount && { google_service_account: googleServiceAccount }),
  };
}

function failure(text: string): SecretError {
  try {
    parseKeys(text);
  } catch (error) {
    if (error instanceof SecretError) return error;
  }
  throw new Error('expected a SecretError');
}

describe('a right secret', () => {
  test('is read whole', () => {
    expect(firstForm(parseKeys(JSON.stringify(right)))).toEqual(right);
  });

  test('may hold more than is needed, such as all of the key file', () => {
    const more = { ...right, note: 'x', google_service_account: { ...account, type: 'service_account' } };
    expect(firstForm(parseKeys(JSON.stringify(more)))).toEqual(right);
  });

  test('needs no service account where no Google sheet is read', () => {
    const { google_service_account: _, ...rest } = right;
    expect(firstForm(parseKeys(JSON.stringify(rest)))).toEqual(rest);
  });

  test('may come with a byte order mark, and its keys with spaces around them', () => {
    const pasted = { ...right, pushover_api_token: ` ${token}\n`, pushover_users: { dmitry: `${dmitry} ` } };
    expect(firstForm(parseKeys(`\uFEFF${JSON.stringify(pasted)}`))).toEqual({ ...right, pushover_users: { dmitry } });
  });
});

const tokenExpected = 'pushover_api_token: expected the API token of your Pushover application, 30 letters and digits';
const usersExpected = 'pushover_users: expected each name with its Pushover user key, such as {"default": "…"}';
const keyExpected = 'expected a Pushover user key, 30 letters and digits';
const nameExpected = 'pushover_users: expected a short name, without spaces around it, before each key';
const accountExpected = "expected the client_email and private_key of the service account's key file";

const wrong: [name: string, secret: unknown, ...problems: string[]][] = [
  ['text', 'SECRETTEXTSECRETTEXT', 'expected an object, got 20 characters'],
  ['null', null, 'expected an object, got null'],
  [
    'a token that is too short',
    { ...right, pushover_api_token: token.slice(1) },
    `${tokenExpected}, got 29 characters`,
  ],
  [
    'a token with a dash',
    { ...right, pushover_api_token: `${token.slice(1)}-` },
    `${tokenExpected}, got 30 characters, not only letters and digits`,
  ],
  ['a token that is a number', { ...right, pushover_api_token: 12345678901234 }, `${tokenExpected}, got a number`],
  [
    'the example file as it is shipped',
    { ...right, pushover_api_token: 'put-your-Pushover-app-token-here' },
    `${tokenExpected}, got 32 characters`,
  ],
  ['keys without names', { ...right, pushover_users: [dmitry] }, `${usersExpected}, got a list`],
  [
    'one user whose key has a letter too many',
    { ...right, pushover_users: { dmitry, anna: `${dmitry}x` } },
    `pushover_users.anna: ${keyExpected}, got 31 characters`,
  ],
  [
    'names and keys the wrong way round',
    { ...right, pushover_users: { [dmitry]: 'dmitry' } },
    `${nameExpected}, got what looks like a key`,
  ],
  [
    'names and shortened keys the wrong way round',
    { ...right, pushover_users: { [dmitry.slice(2)]: 'dmitry' } },
    `${nameExpected}, got what looks like a key`,
  ],
  [
    'a name with spaces around it, which no row could meet',
    { ...right, pushover_users: { ' anna ': dmitry } },
    `${nameExpected}, got 6 characters`,
  ],
  [
    'a service account that is text',
    { ...right, google_service_account: 'FAKEPRIVATEKEYFAKE' },
    `google_service_account: ${accountExpected}, got 18 characters`,
  ],
  [
    'a service account whose fields are exchanged',
    { ...right, google_service_account: { client_email: account.private_key } },
    "google_service_account.client_email: expected the service account's e-mail address, got 18 characters",
    "google_service_account.private_key: expected the private_key of the service account's key file, got nothing",
  ],
];

describe('a wrong secret names every wrong field, and what was expected', () => {
  test.each(wrong)('%s', (_name, secret, ...problems) => {
    expect(failure(JSON.stringify(secret)).message).toBe(
      `the secret is not right. ${problems.join('. ')}. Correct it; the next run reads it again`,
    );
  });
});

const notJson: { name: string; text: string; place: RegExp }[] = [
  { name: 'a bare key', text: token, place: /^the secret is not JSON: / },
  { name: 'nothing', text: '', place: /^the secret is not JSON: / },
  {
    name: 'a missing comma',
    text: `{\n  "pushover_api_token": "${token}"\n  "pushover_users": {}\n}`,
    place: /^the secret is not JSON \(line 3, column 3\): /,
  },
  {
    name: 'raw line breaks in the private key',
    text: `{"google_service_account": {"private_key": "FAKEPRIVATE\nKEYFAKEPRIVATEKEY"}}`,
    place: /^the secret is not JSON \(line 1, column 56\): .* a line break within the private_key is written \\n$/,
  },
];

describe('what is no JSON says where it breaks', () => {
  test.each(notJson)('$name', ({ text, place }) => {
    expect(failure(text).message).toMatch(place);
  });
});

test('no message, stack or cause of a wrong secret holds anything of it', () => {
  const secrets = [token, dmitry, 'SECRETTEXTSECRETTEXT', 'FAKEPRIVATEKEYFAKE', '12345678901234', 'put-your-Pushover'];
  const texts = [...wrong.map(([, secret]) => JSON.stringify(secret)), ...notJson.map(({ text }) => text)];
  expect(texts.flatMap((text) => leaked(failure(text), secrets))).toEqual([]);
  expect(texts.filter((text) => failure(text).cause !== undefined)).toEqual([]);
});
