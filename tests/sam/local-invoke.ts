/* Runs the function that `sam build` built, in a container, with each event. Arguments: the project, then further options of `sam`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Summary } from '../../src/flows/summary.js';
import { assertAnswer } from './expected.js';
import { publish, startServices } from './services.js';

const [project = '.', ...options] = process.argv.slice(2);
const run = promisify(execFile);
const services = await startServices('trading-alerts');
const published = await publish(services);
copyFileSync(`${project}/events/env.example.json`, `${project}/events/env.json`);

async function invoke(event: string): Promise<Summary> {
  const { stdout, stderr } = await run('sam', ['local', 'invoke', '-e', event, ...options], { cwd: project });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`sam local invoke -e ${event} printed no answer: ${stdout}\n${stderr}`);
  }
}

try {
  assertAnswer(await invoke('events/dry-run.json'), { dryRun: true, fired: ['dry-run'], rowErrors: [4] });
  assert.deepEqual(await services.storedItems(), [], 'a dry run wrote to the table');
  assert.deepEqual(services.simulators.pushover.received, [], 'a dry run pushed');
  process.stdout.write('events/dry-run.json: one alert would fire, nothing written, nothing pushed\n');

  assertAnswer(await invoke('events/schedule.json'), { dryRun: false, fired: ['accepted'], rowErrors: [4] });
  const statuses = (await services.storedItems()).flatMap(({ status }) => status ?? []).sort();
  assert.deepEqual(statuses, ['pending', 'triggered']);
  assert.deepEqual(
    services.simulators.pushover.received.map(({ user }) => user),
    [services.simulators.secret.pushover_users.dmitry],
  );
  process.stdout.write('events/schedule.json: one alert fired and pushed once, two stored\n');
} finally {
  published.close();
  await services.close();
}
