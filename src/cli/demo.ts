import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createStoreClient } from '../adapters/dynamodb/client.js';
import { ensureTable } from '../adapters/dynamodb/table.js';
import { createApp } from '../app.js';
import { readConfig } from '../config.js';
import { minuteMs } from '../domain/time.js';
import type { Log } from '../flows/ports/log.js';
import type { Summary } from '../flows/summary.js';
import { createCheckHandler } from '../handlers/check-handler.js';
import { type Simulators, startSimulators } from '../simulators/start.js';
import { demoRows, listMarkets, type Step, steps } from './demo-market.js';
import { startEmbeddedDynamoDb } from './embedded-dynamodb.js';
import { localFolder } from './laptop.js';
import { aligned, print, shownInstant } from './print.js';
import { shownSummary } from './show-summary.js';

const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const headline = (text: string): void => print(`\n━━ ${text} ${'━'.repeat(Math.max(2, 96 - text.length))}`);

function showSheet(): void {
  headline('The sheet');
  print(
    aligned(
      demoRows.map((row, index) => [index === 0 ? 'row' : String(index + 1), ...row.map((cell) => String(cell ?? ''))]),
    ),
  );
}

/** Pushover knows keys, not names. */
function showPushes(simulators: Simulators, from: number): void {
  const names = new Map(Object.entries(simulators.secret.pushover_users).map(([name, key]) => [key, name]));
  for (const push of simulators.pushover.received.slice(from)) {
    print(`\n  📱 ${names.get(push.user)}`);
    for (const line of [push.title, ...push.message.split('\n')]) print(`     │ ${line}`);
  }
}

/** Everything outside is simulated on this machine; the handler, the store and the adapters are the ones of the Lambda. */
export async function runDemo(): Promise<number> {
  const folder = join(localFolder, 'demo');
  await rm(folder, { recursive: true, force: true });
  let clock = Math.floor(Date.now() / minuteMs) * minuteMs;
  const now = () => clock;
  const simulators = await startSimulators({ now, users: ['default', 'dmitry', 'anna'], rows: demoRows });
  const database = await startEmbeddedDynamoDb({ path: folder });
  try {
    Object.assign(process.env, simulators.environment, { AWS_ENDPOINT_URL_DYNAMODB: database.url });
    const config = readConfig(process.env);
    const client = createStoreClient();
    await ensureTable(client, config.tableName);
    client.destroy();
    const handler = createCheckHandler(createApp(config, { now, log: quiet, metrics: () => undefined }), now);
    listMarkets(simulators);
    print('Google Sheets, Secrets Manager, the exchanges and Pushover are simulated on this machine;');
    print('DynamoDB is embedded. What runs is the program of the Lambda, its clock set forward between the checks.');
    showSheet();
    let before: Summary | undefined;
    const check = async (step: Step, number: number) => {
      clock += step.minutes * minuteMs;
      step.happen(simulators);
      const received = simulators.pushover.received.length;
      headline(`Check ${number}, ${shownInstant(clock).slice(11)}: ${step.title}`);
      const summary = await handler({ source: 'schedule' });
      print(shownSummary(summary, before));
      before = summary;
      showPushes(simulators, received);
    };
    for (const [index, step] of steps.entries()) await check(step, index + 1);
    const accepted = simulators.pushover.received.length;
    headline('Done');
    print(
      `${steps.length} checks, ${accepted} pushes accepted. Your own alerts: see "On your own machine" in the README.`,
    );
    return 0;
  } finally {
    await simulators.close();
    await database.close();
  }
}
