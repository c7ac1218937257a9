import { err, ok, type Result } from '../../src/domain/result.js';

/** Of the command line; five without any. */
export function readMinutes(given: readonly string[]): Result<number, string> {
  const text = given.join(' ');
  if (text === '') return ok(5);
  const minutes = Number(/^--minutes[= ](\d+(?:\.\d+)?)$/.exec(text)?.[1]);
  if (minutes > 0) return ok(minutes);
  return err(`expected --minutes with a number above zero, as in: npm run test:explore -- --minutes 5; got "${text}"`);
}
