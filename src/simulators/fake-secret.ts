import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { ServiceAccount } from './google/token.js';

/** The secret, as the product reads it: Pushover in the first form, what else there is in the second. */
export interface SimulatedSecret {
  readonly pushover_api_token: string;
  readonly pushover_users: Readonly<Record<string, string>>;
  readonly users?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly telegram?: { readonly token: string };
  readonly google_service_account: { readonly client_email: string; readonly private_key: string };
}

/** Thirty letters and digits, as Pushover's keys are, and plain to see that it is none. */
const fakeKey = (kind: string): string =>
  `fake${kind}`
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 30)
    .padEnd(30, 'x');

const makeKeyPair = () => promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
let keyPair: ReturnType<typeof makeKeyPair> | undefined;

/** With a key pair made for this process only, whose public half the simulated Google knows. */
export async function createFakeSecret(
  users: readonly string[],
): Promise<{ secret: SimulatedSecret; account: ServiceAccount }> {
  // It takes a tenth of a second, and one will do for any number of simulators.
  keyPair ??= makeKeyPair();
  const { publicKey, privateKey } = await keyPair;
  const clientEmail = 'reader@simulated-project.iam.gserviceaccount.com';
  const secret = {
    pushover_api_token: fakeKey('Token'),
    pushover_users: Object.fromEntries(users.map((user, position) => [user, fakeKey(`User${position + 1}z${user}`)])),
    google_service_account: {
      client_email: clientEmail,
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  };
  return { secret, account: { clientEmail, publicKey } };
}
