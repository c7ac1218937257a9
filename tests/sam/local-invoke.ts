/* Runs the function that `sam build` built, in a container, with each event. Arguments: the project, then further options of `sam`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Summary } from '../../src/flows/summary.js';
import type { BatchResponse } from '../../src/handlers/deliver-handler.js';
import { assertAnswer, assertMetrics, assertTold } from './expected.js';
import { claimRung, publish, startServices } from './services.js';

const [project = '.', ...options] = process.argv.slice(2);
/** The function of a condition is there only with it. */
const withFanOut = options.map((option) => option.replace(/^Architecture=\S+/, '$& FanOut=true'));
const run = promisify(execFile);
const services = await startServices('trading-alerts');
const published = await publish(services);
copyFileSync(`${project}/events/env.example.json`, `${project}/events/env.json`);

async function invoke<Answer = Summary>(
  event: string,
  functionName = 'CheckFunction',
  given = options,
): Promise<{ answer: Answer; log: string }> {
  const { stdout, stderr } = await run('sam', ['local', 'invoke', functionName, '-e', event, ...given], {
    cwd: project,
  });
  try {
    return { answer: JSON.parse(stdout), log: stderr };
  } catch {
    throw new Error(`sam local invoke -e ${event} printed no answer: ${stdout}\n${stderr}`);
  }
}

try {
  const dryRun = await invoke('events/dry-run.json');
  assertAnswer(dryRun.answer, { dryRun: true, fired: ['dry-run'], rowErrors: [4] });
  assert.deepEqual(await services.storedItems(), [], 'a dry run wrote to the table');
  assert.deepEqual(services.simulators.pushover.received, [], 'a dry run pushed');
  assert.ok(!dryRun.log.includes('_aws'), 'a dry run told metrics');
  process.stdout.write('events/dry-run.json: one alert would fire, nothing written, nothing pushed\n');

  const full = await invoke('events/schedule.json');
  // What the SAM CLI calls every stack here.
  assertMetrics(full.log, 'local');
  assertAnswer(full.answer, { dryRun: false, fired: ['accepted'], rowErrors: [4] });
  const statuses = (await services.storedItems()).flatMap(({ status }) => status ?? []).sort();
  assert.deepEqual(statuses, ['pending', 'triggered']);
  assertTold(services.simulators);
  process.stdout.write('events/schedule.json: one alert fired and pushed once, two stored, its metrics told\n');

  await claimRung(services.store, Date.now());
  services.simulators.pushover.received.length = 0;
  const delivered = await invoke<BatchResponse>('events/doorbells.json', 'DeliverFunction', withFanOut);
  assert.deepEqual(delivered.answer, { batchItemFailures: [] });
  const told = services.simulators.pushover.received.map((push) => JSON.stringify(push));
  assert.equal(told.length, 1, 'what rang for one user did not come in one message');
  for (const id of ['row-1', 'row-2']) {
    assert.ok(told[0]?.includes(`Level of ${id}`), `${id} was rung for, and is not in the message ${told[0]}`);
    assert.equal((await services.store.get(id))?.status, 'triggered');
  }
  process.stdout.write(
    'events/doorbells.json: two rung alerts were told in one message and committed, a third message was done for nothing\n',
  );

  const refused = await run(
    'sam',
    ['local', 'invoke', 'CheckFunction', '-e', 'events/schedule.json', ...options, '--region', 'us-east-1'],
    {
      cwd: project,
    },
  ).catch((failure: { stdout: string; stderr: string }) => failure);
  assert.match(
    refused.stdout + refused.stderr,
    /us-east-1 is in the United States, and exchanges refuse addresses from there/,
  );
  process.stdout.write('in us-east-1 the function refuses to start, with the reason\n');
} finally {
  published.close();
  await services.close();
}
