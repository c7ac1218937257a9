import { SecretError } from '../secret-error.js';
import { shownKeyProblem } from './key-problems.js';
import { type Keys, readKeys } from './keys.js';

/** ` (line 3, column 7)` where the parser tells the place. The rest of its message is left out: it quotes the text. */
function placeOf(error: unknown, text: string): string {
  const position = / at position (\d+)/.exec(String(error))?.[1];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return ` (line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1})`;
}

/** `source` is how the messages call the secret. Throws `SecretError`; every wrong part is named at once. */
export function parseKeys(text: string, source = 'the secret'): Keys {
  const json = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new SecretError({
      message: `${source} is not JSON${placeOf(error, json)}: expected {"pushover": {"token": "…"}, "users": {"default": {"pushover": "…"}}, "google_service_account": {…}}`,
      remedy: 'a line break within the private_key is written \\n',
    });
  }
  const keys = readKeys(value);
  if (keys.ok) return keys.value;
  const problems = [...new Set(keys.error.map(shownKeyProblem))];
  const message = `${source} is not right. ${problems.join('. ')}. Correct it`;
  throw new SecretError({ message, remedy: 'the next run reads it again' }, { problems });
}
