/* Runs the bundle on the table and the secret of a stack in moto. Arguments: Python, and the folder that `sam build` made. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import type { Summary } from '../../src/flows/summary.js';
import { assertAnswer, assertMetrics, assertTold } from './expected.js';
import { startSheetAndMarket } from './services.js';

interface Deployed {
  readonly url: string;
  readonly stacks: readonly {
    name: string;
    table: string;
    environment: Record<string, string>;
    /** Of the second function; null without the fan-out. */
    deliveries: Record<string, string> | null;
  }[];
}

const [python = 'python3', built = '.aws-sam/build'] = process.argv.slice(2);
const access = { region: 'eu-central-1', credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' } };

/** The answer is the last line of standard output; those before it are the log. */
const script = `import { readFileSync } from 'node:fs';
const { handler } = await import(process.argv[1]);
console.log(JSON.stringify(await handler(JSON.parse(readFileSync(process.argv[2], 'utf8')))));`;

async function invoke<Answer>(
  bundle: string,
  event: string,
  environment: Record<string, string>,
): Promise<{ answer: Answer; log: string }> {
  const path = new URL(`${built}/${bundle}`, new URL(`file://${process.cwd()}/`)).href;
  const { stdout } = await promisify(execFile)('node', ['--input-type=module', '--eval', script, path, event], {
    env: { ...environment, PATH: process.env.PATH },
  });
  const lines = stdout.trimEnd().split('\n');
  return { answer: JSON.parse(lines.pop() ?? ''), log: lines.join('\n') };
}

const check = (environment: Record<string, string>) =>
  invoke<Summary>('CheckFunction/check.mjs', 'events/schedule.json', environment);

const simulators = await startSheetAndMarket();
const deployment = spawn(python, ['tests/sam/deploy.py', built], { stdio: ['pipe', 'pipe', 'inherit'] });
try {
  const line = await createInterface(deployment.stdout)[Symbol.asyncIterator]().next();
  if (line.done) throw new Error('the deploy to moto failed; see above');
  const { url, stacks } = JSON.parse(line.value) as Deployed;
  const tables = new Set(stacks.map(({ table }) => table));
  assert.equal(tables.size, 2, 'two stacks share a table');
  process.stdout.write(
    'deployed to moto by samlocal, beside a second stack with the fan-out; every resource is as expected, and none is in us-east-1\n',
  );

  const [stack, second] = stacks;
  assert.ok(stack && second?.deliveries);
  const secrets = new SecretsManagerClient({ ...access, endpoint: url });
  const SecretString = JSON.stringify(simulators.secret);
  await secrets.send(new CreateSecretCommand({ Name: stack.environment.SECRET_ID, SecretString }));
  const { AWS_ENDPOINT_URL_SECRETS_MANAGER: _, ...simulated } = simulators.environment;
  // One address for all of AWS, as LocalStack gives it to its functions.
  const environment = {
    ...stack.environment,
    ...simulated,
    SECRET_ID: stack.environment.SECRET_ID ?? '',
    AWS_ENDPOINT_URL: url,
  };
  const first = await check(environment);
  assertAnswer(first.answer, { dryRun: false, fired: ['accepted'], rowErrors: [4] });
  assertMetrics(first.log, stack.name);
  assertAnswer((await check(environment)).answer, { dryRun: false, fired: [], rowErrors: [4] });
  assertTold(simulators);
  const store = createStoreClient({ ...access, endpoint: url });
  const { Items = [] } = await store.send(new ScanCommand({ TableName: stack.table }));
  assert.deepEqual(Items.flatMap(({ status }) => status ?? []).sort(), ['pending', 'triggered']);
  const aws = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: access.region,
    AWS_ACCESS_KEY_ID: 'fake',
    AWS_SECRET_ACCESS_KEY: 'fake',
  };
  // Nothing of the second table waits for a delivery, so that every message is done.
  const heard = await invoke('DeliverFunction/deliver.mjs', 'events/doorbells.json', { ...second.deliveries, ...aws });
  assert.deepEqual(heard.answer, { batchItemFailures: [] });
  assert.match(heard.log, /"message":"deliver"/);
  process.stdout.write('the bundle of the deliveries of the second stack, which fans out, looked at its table\n');
  process.stdout.write("the bundle ran on moto's DynamoDB and Secrets Manager: one alert fired, and not again\n");
} finally {
  deployment.stdin.end();
  deployment.kill();
  await simulators.close();
}
process.exit();
