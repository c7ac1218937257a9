import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Keys } from '../adapters/notifiers/keys.js';
import { parseKeys } from '../adapters/notifiers/keys-text.js';
import { fetchFromSecretsManager } from '../adapters/secret.js';
import { SecretError } from '../adapters/secret-error.js';
import type { Config } from '../config.js';
import { findRegion } from './aws-region.js';

/** The secret of the Lambda. Throws `SecretError`. */
export async function readSecretFromAws(
  options: { readonly secret?: string; readonly region?: string },
  outside: {
    readonly config: Pick<Config, 'secretId'>;
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
): Promise<Keys> {
  const secretId = options.secret ?? outside.config.secretId;
  const { region } = await findRegion(options.region, outside.environment);
  if (region === undefined) {
    throw new SecretError({ message: 'no AWS region is set', remedy: 'set AWS_REGION or give --region' });
  }
  const client = new SecretsManagerClient({ region, maxAttempts: 2 });
  try {
    return parseKeys(await fetchFromSecretsManager(client, secretId)(), `the secret "${secretId}"`);
  } finally {
    client.destroy();
  }
}
