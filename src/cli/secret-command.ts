import { access, rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorCode } from '../adapters/error-code.js';
import { readServiceAccountFile } from '../adapters/service-account-file.js';
import { problemText } from '../domain/problem.js';
import { regionProblem } from '../domain/region.js';
import { err, ok, type Result } from '../domain/result.js';
import type { AddressSearch } from './find-address.js';
import { secretsFile } from './laptop.js';
import { askSecret, type WrittenSecret } from './secret-questions.js';
import type { SecretTerminal } from './secret-terminal.js';

export interface SecretOptions {
  /** The JSON file that Google gives; a secret without it is enough for a CSV file in place of the sheet. */
  readonly serviceAccount?: string;
  readonly out: string;
  readonly force?: true;
  /** In Secrets Manager. */
  readonly name: string;
  readonly region: string | undefined;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const unwritable = (out: string, code = 'unknown error'): string =>
  `${out} cannot be written (${code}); give another --out`;

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Tried with a file beside it: rights alone do not tell what a disk takes. */
async function writeProblem(out: string): Promise<string | undefined> {
  if (await isFolder(out)) return unwritable(out, 'EISDIR');
  const trial = `${out}.${process.pid}`;
  try {
    await writeFile(trial, '', { flag: 'wx' });
    await rm(trial);
    return undefined;
  } catch (error) {
    return unwritable(out, errorCode(error));
  }
}

/** Before anything is asked. */
async function problemBefore({ name, out, force, region }: SecretOptions): Promise<string | undefined> {
  if (!/^[\w/+=.@-]{1,512}$/.test(name))
    return '--name: expected letters, digits and /_+=.@-, as Secrets Manager names secrets';
  const problem = region === undefined ? undefined : regionProblem(region);
  if (problem !== undefined) return `the region: ${problemText(problem)}`;
  if (!force && (await isThere(out))) return `${out} is there already; give another --out, or --force to replace it`;
  return writeProblem(out);
}

const forShell = (word: string): string => (/^[\w./:@+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The values go by file: a command line stays in the shell's history. https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html */
function nextSteps({ name, out, region }: SecretOptions): string {
  if (resolve(out) === resolve(secretsFile))
    return `${out} is written, for this user only. Checks in this folder read it; trading-alerts doctor looks it over.`;
  const rest = `--secret-string ${forShell(`file://${out}`)}${region === undefined ? '' : ` --region ${region}`}`;
  return [
    `${out} is written, for this user only. Store it in the region of the stack:`,
    '',
    `  aws secretsmanager create-secret --name ${name} ${rest}`,
    '',
    'or, where the secret is there already:',
    '',
    `  aws secretsmanager put-secret-value --secret-id ${name} ${rest}`,
    '',
    `Then delete the file, it holds the keys: rm ${forShell(out)}`,
  ].join('\n');
}

async function writeSecret(secret: WrittenSecret, { out, force }: SecretOptions): Promise<Result<void, string>> {
  try {
    // A file that is there keeps its mode when it is written, so it goes first.
    if (force) await rm(out, { force: true });
    await writeFile(out, `${JSON.stringify(secret, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return ok(undefined);
  } catch (error) {
    return err(unwritable(out, errorCode(error)));
  }
}

/** The error says why nothing was written; the value, what to do next. Neither holds anything of the secret. */
export async function makeSecret(
  options: SecretOptions,
  terminal: SecretTerminal,
  search: AddressSearch,
): Promise<Result<string, string>> {
  const problem = await problemBefore(options);
  if (problem !== undefined) return err(problem);
  const account =
    options.serviceAccount === undefined ? ok(undefined) : await readServiceAccountFile(options.serviceAccount);
  if (!account.ok) return account;
  const secret = await askSecret(account.value, terminal, search);
  if (!secret.ok) return secret;
  const written = await writeSecret(secret.value, options);
  return written.ok ? ok(nextSteps(options)) : written;
}
