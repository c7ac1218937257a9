import { readFile } from 'node:fs/promises';
import { messageOf } from '../domain/error-message.js';

/** Of a file, so that a program that scrapes the page can be told it once, and nobody reads it in a list of processes. */
export async function readTokenFile(path: string): Promise<string> {
  const make = `make one: node -p "crypto.randomBytes(24).toString('base64url')" > ${path}`;
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new Error(`--token-file: ${messageOf(error)}; ${make}`, { cause: error });
  }
  if (/^[\w.~-]{20,200}$/.test(text)) return text;
  throw new Error(
    `--token-file: expected one line of 20 to 200 letters, digits, - . _ or ~ in ${path}, got ${text.length} characters; ${make}`,
  );
}
