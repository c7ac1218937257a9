import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { err, ok, type Result } from '../domain/result.js';
import { errorCode } from './error-code.js';
import type { ServiceAccount } from './service-account.js';

const KeyFile = v.object({
  type: v.literal('service_account'),
  client_email: v.pipe(v.string(), v.trim(), v.regex(/^[^\s@]+@[^\s@]+$/)),
  private_key: v.string(),
});

const whereFrom =
  'expected the key file of a service account: in the Google Cloud console, IAM & Admin → Service Accounts → the account → Keys → Add key → JSON';

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** The two fields that are needed of the JSON file that Google gives. The error never holds anything of the file. */
export async function readServiceAccountFile(path: string): Promise<Result<ServiceAccount, string>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    return err(code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code ?? 'unknown error'})`);
  }
  const value = parsedJson(text);
  if (value === undefined) return err(`${path} is not JSON; ${whereFrom}`);
  const file = v.safeParse(KeyFile, value);
  if (!file.success) {
    const fields = new Set(file.issues.map((issue) => v.getDotPath(issue)).filter((field) => field !== null));
    return err(`${path} is not right in ${[...fields].join(', ') || 'its form'}; ${whereFrom}`);
  }
  const { client_email, private_key } = file.output;
  if (!isRsaKey(private_key)) return err(`the private_key in ${path} is no RSA key; ${whereFrom}`);
  return ok({ client_email, private_key });
}
