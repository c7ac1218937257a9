import { readFile } from 'node:fs/promises';
import { errorCode } from './error-code.js';
import type { Keys } from './notifiers/keys.js';
import { parseKeys } from './notifiers/keys-text.js';
import { SecretError } from './secret-error.js';

/** Undefined where there is no such file. Throws `SecretError` where it cannot be read or is not right. */
export async function readSecretFile(path: string): Promise<Keys | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    throw new SecretError({
      message: `${path} cannot be read (${code ?? 'unknown error'})`,
      remedy: 'expected a JSON file that this user may read',
    });
  }
  return parseKeys(text, path);
}
