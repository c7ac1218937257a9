import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseKeys } from '../../src/adapters/notifiers/keys-text.js';
import { SecretError } from '../../src/adapters/secret-error.js';
import { readSecretFile } from '../../src/adapters/secret-file.js';
import { fakeKey, leaked } from '../support/fake-secret.js';

const secret = { pushover_api_token: fakeKey('Token'), pushover_users: { default: fakeKey('Default') } };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function readText(text: string) {
  const path = join(folder, 'secrets.json');
  await writeFile(path, text);
  return readSecretFile(path).catch((error: unknown) => error);
}

test('the file is read as the secret', async () => {
  expect(await readText(JSON.stringify(secret))).toEqual(parseKeys(JSON.stringify(secret)));
});

test('without a file there is no secret', async () => {
  expect(await readSecretFile(join(folder, 'absent.json'))).toBeUndefined();
});

test('a wrong file is called by its path, and nothing of it is shown', async () => {
  const error = await readText(`{"pushover_api_token": "${secret.pushover_api_token}`);
  expect(error).toBeInstanceOf(SecretError);
  expect(String(error)).toContain(`${join(folder, 'secrets.json')} is not JSON`);
  expect(leaked(error, [secret.pushover_api_token])).toEqual([]);
});

test('what cannot be read as a file says so', async () => {
  await expect(readSecretFile(folder)).rejects.toThrow(
    new SecretError(`${folder} cannot be read (EISDIR); expected a JSON file that this user may read`),
  );
});
