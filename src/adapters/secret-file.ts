import { readFile } from 'node:fs/promises';
import { errorCode } from './error-code.js';
import { parseSecret, type Secret, SecretError } from './secret-text.js';

/** Undefined where there is no such file. Throws `SecretError` where it cannot be read or is not right. */
export async function readSecretFile(path: string): Promise<Secret | undefined> {
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
  return parseSecret(text, path);
}
