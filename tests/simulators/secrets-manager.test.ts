import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTraffic } from '../../src/simulators/faults.js';
import { type Served, serveSimulator } from '../../src/simulators/loopback.js';
import { secretsManagerSimulator } from '../../src/simulators/secrets-manager.js';
import { at } from '../support/builders.js';

const secrets = new Map([['trading-alerts', '{"pushover_api_token":"fake"}']]);
let served: Served;
let client: SecretsManagerClient;
beforeAll(async () => {
  const traffic = createTraffic();
  served = await serveSimulator(
    secretsManagerSimulator(secrets, traffic, () => at('12:00')),
    traffic,
  );
  client = new SecretsManagerClient({
    endpoint: served.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

const read = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));

test('a secret is read by its name or its ARN, through the SDK', async () => {
  const byName = await read('trading-alerts');
  expect(byName).toMatchObject({
    Name: 'trading-alerts',
    SecretString: '{"pushover_api_token":"fake"}',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: new Date(at('12:00')),
  });
  expect((await read(byName.ARN ?? '')).SecretString).toBe('{"pushover_api_token":"fake"}');
});

test('a change of the secret is seen', async () => {
  secrets.set('other', 'before');
  secrets.set('other', 'after');
  expect((await read('other')).SecretString).toBe('after');
});

test('a missing secret is a ResourceNotFoundException', async () => {
  await expect(read('nope')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
    $metadata: { httpStatusCode: 400 },
  });
});

test('anything else is not simulated, and says so', async () => {
  await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
