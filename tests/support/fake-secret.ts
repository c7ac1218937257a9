import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';

/** Thirty letters and digits, as Pushover's tokens and user keys have. */
export const fakeKey = (name: string): string => `fake${name}`.padEnd(30, '0');

/** Real keys, so that real signatures can be checked. Slow: once a file. */
export function fakeServiceAccount(name = 'reader') {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    account: { client_email: `${name}@fake-project.iam.gserviceaccount.com`, private_key: pem },
    privateKey,
    publicKey,
  };
}

/** Everything of a value that could end in a log. */
export function shownEverywhere(value: unknown): string {
  const error = value instanceof Error ? [value.message, value.stack, inspect(value.cause, { depth: 10 })] : [];
  return [JSON.stringify(value), inspect(value, { depth: 10, showHidden: true, maxStringLength: null }), ...error].join(
    '\n',
  );
}

const [longPiece, shortPiece] = [10, 5];

/** Every long piece holds one of the short ones that follow each other, and few texts hold one of those by chance. */
function isShownIn(shown: string, body: string): boolean {
  for (let at = 0; at + shortPiece <= body.length; at += shortPiece) {
    if (!shown.includes(body.slice(at, at + shortPiece))) continue;
    const last = Math.min(at, body.length - longPiece);
    for (let from = Math.max(0, at - shortPiece); from <= last; from += 1) {
      if (shown.includes(body.slice(from, from + longPiece))) return true;
    }
  }
  return false;
}

/** The secrets, or ten-character pieces of them, that the value shows. */
export function leaked(value: unknown, secrets: readonly string[]): string[] {
  const shown = shownEverywhere(value);
  return secrets.filter((secret) => isShownIn(shown, secret.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '')));
}
