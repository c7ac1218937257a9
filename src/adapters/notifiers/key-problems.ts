import * as v from 'valibot';
import { err, ok, type Result } from '../../domain/result.js';

/** What is wrong at one place of the secret. Neither part holds anything of a value. */
export interface KeyProblem {
  readonly place: string;
  readonly detail: string;
}
export const shownKeyProblem = ({ place, detail }: KeyProblem): string =>
  place === '' ? detail : `${place}: ${detail}`;

/** A key where a name belongs must not be shown as a name, not even when a letter of it is missing. */
export const isKeyLike = (text: string): boolean =>
  /^[A-Za-z0-9]{30}$/.test(text) || /(?=[A-Za-z]*\d)[A-Za-z0-9]{20}|:\/\//.test(text);
export const isUserName = (text: string): boolean =>
  text.trim() === text && /^.{1,60}$/u.test(text) && !isKeyLike(text);

/** What came, without its value. */
export function shapeOf(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (typeof input !== 'string') return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
  return `${input.length} characters${input.length === 30 ? ', not only letters and digits' : ''}`;
}

export const wrongKey = (place: string, expected: string, input: unknown): KeyProblem => ({
  place,
  detail: `expected ${expected}, got ${shapeOf(input)}`,
});

/** Also for one answer of a person. The schemas' messages say what was expected; what came is told by its shape alone. */
export function readKey<Value>(
  schema: v.GenericSchema<unknown, Value>,
  input: unknown,
  place: string,
): Result<Value, readonly KeyProblem[]> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return ok(parsed.output);
  const problems = parsed.issues.map((issue): KeyProblem => {
    const path = (issue.path ?? []).map(({ key }) => String(key));
    return {
      place: [place, ...path].filter((part) => part !== '').join('.'),
      detail: `${issue.message}, got ${shapeOf(issue.input)}`,
    };
  });
  return err(problems);
}
