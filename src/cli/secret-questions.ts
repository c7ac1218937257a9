import { readSecret, type Secret, type ServiceAccount } from '../adapters/secret-text.js';
import { err, ok, type Result } from '../domain/result.js';
import type { Asker } from './ask.js';

export interface SecretTerminal {
  readonly asker: Asker;
  /** About the work; never a secret. */
  tell(text: string): void;
}

const ended = 'the input ended before every question was answered; nothing was written';
const anyKey = 'x'.repeat(30);

const problemsOf = (secret: unknown): readonly string[] => {
  const read = readSecret(secret);
  return read.ok ? [] : read.error;
};

async function askUntilRight(
  { asker, tell }: SecretTerminal,
  question: string,
  problemsWith: (answer: string) => readonly string[],
): Promise<Result<string, string>> {
  for (;;) {
    const answer = await asker.ask(question, true);
    if (answer === undefined) return err(ended);
    const problems = problemsWith(answer);
    if (problems.length === 0) return ok(answer);
    tell(problems.join('\n'));
  }
}

function nameProblem(name: string, users: ReadonlyMap<string, string>): string | undefined {
  if (name === '' && users.size === 0) return 'at least one user is needed, such as default';
  if (users.has(name)) return `${name} has a key already`;
  const read = readSecret({ pushover_api_token: anyKey, pushover_users: { [name]: anyKey } });
  if (!read.ok) return read.error.join('\n');
  return Object.hasOwn(read.value.pushover_users, name) ? undefined : 'this name cannot be used';
}

async function askUsers(terminal: SecretTerminal): Promise<Result<ReadonlyMap<string, string>, string>> {
  const users = new Map<string, string>();
  terminal.tell('Users, as user_id in the sheet names them. "default" is told where user_id is blank.');
  for (;;) {
    const name = await terminal.asker.ask(`Name of user ${users.size + 1} (blank: no more): `, false);
    if (name === undefined) return err(ended);
    if (name === '' && users.size > 0) return ok(users);
    const problem = nameProblem(name, users);
    if (problem !== undefined) {
      terminal.tell(problem);
      continue;
    }
    const key = await askUntilRight(terminal, `Pushover user key of ${name} (not shown): `, (answer) =>
      problemsOf({ pushover_api_token: anyKey, pushover_users: { [name]: answer } }),
    );
    if (!key.ok) return key;
    users.set(name, key.value);
  }
}

/** The secret's own rules decide, so the check accepts what is accepted here. The error says why there is none. */
export async function askSecret(
  account: ServiceAccount | undefined,
  terminal: SecretTerminal,
): Promise<Result<Secret, string>> {
  if (account === undefined) {
    terminal.tell('Without --service-account the secret reads no Google Sheet; a laptop with a CSV file needs none.');
  }
  const token = await askUntilRight(terminal, 'API token of your Pushover application (not shown): ', (answer) =>
    problemsOf({ pushover_api_token: answer, pushover_users: {} }),
  );
  if (!token.ok) return token;
  const users = await askUsers(terminal);
  if (!users.ok) return users;
  const secret = readSecret({
    pushover_api_token: token.value,
    pushover_users: Object.fromEntries(users.value),
    ...(account && { google_service_account: account }),
  });
  return secret.ok ? secret : err(secret.error.join('\n'));
}
