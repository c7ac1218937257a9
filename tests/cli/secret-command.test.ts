import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { beforeAll, expect, test } from '@jest/globals';
import { channelNames } from '../../src/adapters/notifiers/registry.js';
import { createAsker } from '../../src/cli/ask.js';
import type { AddressSearch } from '../../src/cli/find-address.js';
import { makeSecret, type SecretOptions } from '../../src/cli/secret-command.js';
import { fakeKey, fakeServiceAccount, leaked } from '../support/fake-secret.js';
import { oneForAll, openFolder } from '../support/lifetime.js';
import { runProgram } from '../support/program.js';
import { openTerminal } from './terminal.js';

const token = fakeKey('Token');
const key = { default: fakeKey('UserDefault'), dmitry: fakeKey('UserDmitry') };
const { account } = fakeServiceAccount();
const secrets = [token, ...Object.values(key), account.private_key];
const said: string[] = [];

const folder = oneForAll(openFolder);
beforeAll(() => {
  const google = { type: 'service_account', project_id: 'fake-project', private_key_id: 'fake', ...account };
  return folder.write('key.json', JSON.stringify(google));
});

interface Ended {
  readonly isMade: boolean;
  /** What to do next, or why nothing was written. */
  readonly text: string;
  /** The questions, and what was said to the answers. */
  readonly told: readonly string[];
}

/** Pushover's keys are nobody's to find. */
const search: AddressSearch = {
  transport: () => Promise.reject(new Error('nothing is asked')),
  origins: {},
  now: () => 0,
  pause: () => Promise.reject(new Error('nothing is waited for')),
};

/** The answers come as from a pipe, one a line. */
async function run(answers: readonly string[], options: Partial<SecretOptions> = {}): Promise<Ended> {
  const { out = 'secret.json', serviceAccount, ...rest } = options;
  const terminal = openTerminal(answers);
  const made = await makeSecret(
    {
      name: 'trading-alerts',
      region: undefined,
      out: folder.pathOf(out),
      ...(serviceAccount !== undefined && { serviceAccount: folder.pathOf(serviceAccount) }),
      ...rest,
    },
    terminal,
    search,
  );
  const told = await terminal.close();
  const text = (made.ok ? made.value : made.error).replaceAll(`${folder.path}/`, '');
  said.push(text, ...told);
  return { isMade: made.ok, text, told };
}

/** The built command, in the folder; nothing of this machine's AWS settings counts. */
async function runCommand(answers: readonly string[], ...words: string[]) {
  const ended = await runProgram(['secret', ...words], { folder: folder.path, answers });
  said.push(ended.stdout, ended.stderr);
  return ended;
}

const answers = ['', token, 'default', key.default, 'dmitry', key.dmitry, ''];
const keysOf = (users: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(users).map(([name, pushover]) => [name, { pushover }]));
const read = async (file: string): Promise<unknown> => JSON.parse(await folder.read(file));
const modeOf = async (file: string) => (await stat(folder.pathOf(file))).mode & 0o777;

test('the answers and the key file become the secret, for this user only, and the next commands are shown', async () => {
  const ended = await run(answers, { serviceAccount: 'key.json' });
  expect(ended.isMade).toBe(true);
  expect(ended.text).toBe(`secret.json is written, for this user only. Store it in the region of the stack:

  aws secretsmanager create-secret --name trading-alerts --secret-string file://secret.json

or, where the secret is there already:

  aws secretsmanager put-secret-value --secret-id trading-alerts --secret-string file://secret.json

Then delete the file, it holds the keys: rm secret.json`);
  expect(await read('secret.json')).toEqual({
    pushover: { token },
    users: keysOf(key),
    google_service_account: account,
  });
  expect(await modeOf('secret.json')).toBe(0o600);
});

test('what is there already is kept, before anything is asked; --force replaces it, and its mode too', async () => {
  await folder.write('kept.json', 'mine');
  await chmod(folder.pathOf('kept.json'), 0o644);
  const refused = await run([], { out: 'kept.json' });
  expect(refused).toEqual({
    isMade: false,
    text: 'kept.json is there already; give another --out, or --force to replace it',
    told: [],
  });
  expect(await folder.read('kept.json')).toBe('mine');
  expect(await run(answers, { out: 'kept.json', force: true })).toMatchObject({ isMade: true });
  expect(await read('kept.json')).toEqual({ pushover: { token }, users: keysOf(key) });
  expect(await modeOf('kept.json')).toBe(0o600);
});

test('a wrong answer is explained without repeating it, and asked for again', async () => {
  const wrong = [
    'pushower',
    '',
    `${token}x`,
    token,
    '',
    key.default,
    'default',
    key.default.slice(1),
    key.default,
    'default',
    '__proto__',
    '',
  ];
  const ended = await run(wrong, { out: 'second-try.json' });
  expect(ended.isMade).toBe(true);
  expect(ended.told).toEqual([
    'Without --service-account the secret reads no Google Sheet; a laptop with a CSV file needs none.',
    `Alerts can go to ${channelNames.join(', ')}.`,
    'Channels, one or several (blank: pushover): ',
    `expected names among ${channelNames.join(', ')}`,
    'Channels, one or several (blank: pushover): ',
    'API token of your Pushover application (not shown): ',
    'pushover.token: expected the API token of your Pushover application, 30 letters and digits, got 31 characters',
    'API token of your Pushover application (not shown): ',
    'Users, as user_id in the sheet names them. "default" is told where user_id is blank.',
    'Name of user 1 (blank: no more): ',
    'at least one user is needed, such as default',
    'Name of user 1 (blank: no more): ',
    'expected a short name, without spaces around it, before each key, got what looks like a key',
    'Name of user 1 (blank: no more): ',
    'Pushover user key of default (not shown): ',
    'users.default.pushover: expected a Pushover user key, 30 letters and digits, got 29 characters',
    'Pushover user key of default (not shown): ',
    'Name of user 2 (blank: no more): ',
    'default has a key already',
    'Name of user 2 (blank: no more): ',
    'this name cannot be used',
    'Name of user 2 (blank: no more): ',
  ]);
  expect(await read('second-try.json')).toEqual({
    pushover: { token },
    users: keysOf({ default: key.default }),
  });
});

test('an input that ends too soon writes nothing', async () => {
  const ended = await run(['', token, 'default'], { out: 'unfinished.json' });
  expect(ended.isMade).toBe(false);
  expect(ended.text).toBe('the input ended before every question was answered; nothing was written');
  await expect(stat(folder.pathOf('unfinished.json'))).rejects.toThrow('ENOENT');
});

test('by the command, secrets.json is for this folder and needs no AWS command; a second one is refused', async () => {
  expect(await runCommand(answers, '--out', './secrets.json', '--service-account', 'key.json')).toEqual({
    code: 0,
    stdout:
      './secrets.json is written, for this user only. Checks in this folder read it; trading-alerts doctor looks it over.\n',
    stderr: expect.stringContaining('API token of your Pushover application (not shown): \n'),
  });
  expect(await read('secrets.json')).toMatchObject({ users: keysOf(key) });
  expect(await runCommand(answers, '--out', './secrets.json')).toEqual({
    code: 1,
    stdout: '',
    stderr: './secrets.json is there already; give another --out, or --force to replace it\n',
  });
});

test('name, region and a file with a space in its name stand in the commands as the shell wants them', async () => {
  const ended = await run(answers, { out: 'my secret.json', name: 'alerts/live', region: 'ap-northeast-1' });
  expect(ended.text).toContain(
    "  aws secretsmanager create-secret --name alerts/live --secret-string 'file://my secret.json' --region ap-northeast-1\n",
  );
  expect(ended.text).toContain("rm 'my secret.json'");
});

test.each<{ name: string; options: Partial<SecretOptions>; text?: string; says: string | RegExp }>([
  {
    name: 'a key file that is not there',
    options: { serviceAccount: 'none.json' },
    says: 'there is no file none.json',
  },
  {
    name: 'a key file that is no JSON',
    options: { serviceAccount: 'odd.json' },
    text: account.private_key,
    says: /^odd\.json is not JSON; expected the key file of a service account: in the Google Cloud console/,
  },
  {
    name: 'the file of an OAuth client',
    options: { serviceAccount: 'odd.json' },
    text: JSON.stringify({ installed: { client_id: 'fake', client_secret: 'fake' } }),
    says: /^odd\.json is not right in type, client_email, private_key; expected the key file of a service account/,
  },
  {
    name: 'a key file whose key was cut',
    options: { serviceAccount: 'odd.json' },
    text: JSON.stringify({ type: 'service_account', ...account, private_key: account.private_key.slice(0, 300) }),
    says: /^the private_key in odd\.json is no RSA key; expected the key file/,
  },
  {
    name: 'a name that the shell would take apart',
    options: { name: 'a; rm -rf /' },
    says: '--name: expected letters, digits and /_+=.@-, as Secrets Manager names secrets',
  },
  {
    name: 'a region where nothing can be checked',
    options: { region: 'us-east-1' },
    says: /^the region: us-east-1 is in the United States/,
  },
  {
    name: 'a folder that is not there',
    options: { out: 'none/secret.json' },
    says: /^none\/secret\.json cannot be written \(ENOENT\); give another --out$/,
  },
])('$name ends it with the reason', async ({ options, text, says }) => {
  if (text !== undefined) await folder.write('odd.json', text);
  const ended = await run(answers, { out: 'never.json', ...options });
  expect(ended.isMade).toBe(false);
  expect(ended.text).toMatch(says);
  await expect(stat(folder.pathOf('never.json'))).rejects.toThrow('ENOENT');
});

test.each([
  { name: 'a folder that is not there', words: ['--out', 'none/secret.json'], code: 'ENOENT' },
  { name: 'a file in place of the folder', words: ['--out', 'key.json/secret.json'], code: 'ENOTDIR' },
  { name: 'a folder in place of the file', words: ['--out', '.', '--force'], code: 'EISDIR' },
  // Longer than a file's name may be.
  { name: 'what the disk refuses', words: ['--out', `${'x'.repeat(300)}.json`], code: 'ENAMETOOLONG' },
])('$name is found out before anything is asked', async ({ words, code }) => {
  const before = await readdir(folder.path);
  expect(await runCommand(answers, ...words)).toEqual({
    code: 1,
    stdout: '',
    stderr: `${words[1]} cannot be written (${code}); give another --out\n`,
  });
  expect(await readdir(folder.path)).toEqual(before);
});

test('on a terminal, a hidden answer is nowhere on the screen, nor in the history of the next question', async () => {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const screen = new PassThrough();
  let shown = '';
  screen.on('data', (chunk) => {
    shown += String(chunk);
  });
  const asker = createAsker(keyboard, screen);
  const hidden = asker.ask('Token: ', true);
  keyboard.write(`${token.slice(0, 29)}?\b${token.at(-1)}\r`);
  expect(await hidden).toBe(token);
  const open = asker.ask('Name: ', false);
  const arrowUp = '\u001b[A';
  keyboard.write(`${arrowUp}dmitry\r`);
  expect(await open).toBe('dmitry');
  const last = asker.ask('Again: ', false);
  keyboard.write('\u0004');
  expect(await last).toBeUndefined();
  asker.close();
  expect(shown).toMatch(/Token: .*\n.*Name: .*dmitry.*Again: /s);
  expect(leaked(shown, secrets)).toEqual([]);
});

test('lines that come before they are asked for are kept', async () => {
  const asker = createAsker(Readable.from(['one\ntwo \n', 'three']), new PassThrough());
  const answered = [];
  for (let count = 0; count < 4; count += 1) answered.push(await asker.ask('?', count === 1));
  expect(answered).toEqual(['one', 'two', 'three', undefined]);
  asker.close();
});

test('git ignores both files', async () => {
  const ignored = (await readFile('.gitignore', 'utf8')).split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['secret.json', 'secrets.json']));
});

test('no key, token or private key was in anything that was said above', () => {
  expect(said.length).toBeGreaterThan(20);
  expect(leaked(said, secrets)).toEqual([]);
});
