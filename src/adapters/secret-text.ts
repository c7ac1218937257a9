import * as v from 'valibot';
import { type Problem, problemText } from '../domain/problem.js';
import { err, ok, type Result } from '../domain/result.js';
import type { AwsFailure } from './aws-failure.js';

/** The message says what to do. No part of the error holds a value of the secret, so it never has a `cause` either. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly problem: Problem;
  constructor(
    said: Problem | string,
    /** `problems`: a sentence for each wrong field. `aws`: how Secrets Manager refused. */
    readonly reason: { readonly problems?: readonly string[]; readonly aws?: AwsFailure } = {},
  ) {
    const problem = typeof said === 'string' ? { message: said } : said;
    super(problemText(problem));
    this.problem = problem;
  }
}

/** Tokens and user keys alike. https://pushover.net/api#identifiers */
const PushoverKey = v.pipe(v.string(), v.trim(), v.regex(/^[A-Za-z0-9]{30}$/));

/** A key where a name belongs must not be shown as a name, not even when a letter of it is missing. */
const isKeyLike = (text: string): boolean =>
  /^[A-Za-z0-9]{30}$/.test(text) || /(?=[A-Za-z]*\d)[A-Za-z0-9]{20}/.test(text);

const isName = (text: string): boolean => text.trim() === text && /^.{1,60}$/u.test(text) && !isKeyLike(text);

/** What the private key is worth is found out when the sheet is read: a wrong one must not stop the pushes. */
const ServiceAccount = v.object({
  client_email: v.pipe(v.string(), v.trim(), v.maxLength(254), v.regex(/^[^\s@]+@[^\s@]+$/)),
  private_key: v.pipe(v.string(), v.minLength(1)),
});

const Secret = v.object({
  pushover_api_token: PushoverKey,
  pushover_users: v.pipe(
    v.unknown(),
    v.check((users) => !Array.isArray(users)),
    v.record(v.pipe(v.string(), v.check(isName)), PushoverKey),
  ),
  google_service_account: v.optional(ServiceAccount),
});

export type Secret = v.InferOutput<typeof Secret>;
export type ServiceAccount = v.InferOutput<typeof ServiceAccount>;

const expectations: Readonly<Record<string, string>> = {
  pushover_api_token: 'the API token of your Pushover application, 30 letters and digits',
  pushover_users: 'each name with its Pushover user key, such as {"default": "…"}',
  google_service_account: "the client_email and private_key of the service account's key file",
  'google_service_account.client_email': "the service account's e-mail address",
  'google_service_account.private_key': "the private_key of the service account's key file",
};

function shapeOf(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (typeof input !== 'string') return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
  return `${input.length} characters${input.length === 30 ? ', not only letters and digits' : ''}`;
}

/** Made from the place and the shape alone: valibot's own messages quote what came. */
function problemOf(issue: v.BaseIssue<unknown>): string {
  const [field, name] = (issue.path ?? []).map(({ key }) => String(key));
  const came = `got ${shapeOf(issue.input)}`;
  if (field === undefined) return `expected an object, ${came}`;
  if (name === undefined) return `${field}: expected ${expectations[field]}, ${came}`;
  if (field !== 'pushover_users') return `${field}.${name}: expected ${expectations[`${field}.${name}`]}, ${came}`;
  if (isName(name)) return `${field}.${name}: expected a Pushover user key, 30 letters and digits, ${came}`;
  return `${field}: expected a short name, without spaces around it, before each key, got ${isKeyLike(name) ? 'what looks like a key' : shapeOf(name)}`;
}

/** ` (line 3, column 7)` where the parser tells the place. The rest of its message is left out: it quotes the text. */
function placeOf(error: unknown, text: string): string {
  const position = / at position (\d+)/.exec(String(error))?.[1];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return ` (line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1})`;
}

/** The error is a sentence for each wrong field. */
export function readSecret(value: unknown): Result<Secret, readonly string[]> {
  const parsed = v.safeParse(Secret, value);
  return parsed.success ? ok(parsed.output) : err([...new Set(parsed.issues.map(problemOf))]);
}

/** `source` is how the messages call the secret. Throws `SecretError`; every wrong field is named at once. */
export function parseSecret(text: string, source = 'the secret'): Secret {
  const json = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new SecretError({
      message: `${source} is not JSON${placeOf(error, json)}: expected {"pushover_api_token": "…", "pushover_users": {"default": "…"}, "google_service_account": {…}}`,
      remedy: 'a line break within the private_key is written \\n',
    });
  }
  const secret = readSecret(value);
  if (secret.ok) return secret.value;
  const problems = secret.error;
  const message = `${source} is not right. ${problems.join('. ')}. Correct it`;
  throw new SecretError({ message, remedy: 'the next run reads it again' }, { problems });
}
