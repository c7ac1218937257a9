import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createStoreClient } from '../adapters/dynamodb/client.js';
import { ensureTable } from '../adapters/dynamodb/table.js';
import { createApp, type WiredApp } from '../app.js';
import { readConfig } from '../config.js';
import { minuteMs } from '../domain/time.js';
import type { Log } from '../flows/ports/log.js';
import type { Summary } from '../flows/summary.js';
import { createCheckHandler } from '../handlers/check-handler.js';
import type { Page } from '../page/server/start.js';
import { type Simulators, startSimulators } from '../simulators/start.js';
import { untilNext } from './check-command.js';
import { answersShown, demoRows, demoSheet, listMarkets, type Step, steps } from './demo-market.js';
import { addPast, listPerpetuals } from './demo-past.js';
import { examineHere } from './doctor/command.js';
import { openEditedSheet } from './edited-sheet.js';
import { startEmbeddedDynamoDb } from './embedded-dynamodb.js';
import { localFolder } from './laptop.js';
import { servePage } from './page-command.js';
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

/** With the page: the story waits for whoever looks, and the rows have a place for ids, so that they can be edited. */
interface DemoOptions {
  readonly page?: true;
  /** Long enough to see on the page what a check has done (ms). */
  readonly every: number;
  readonly port: number;
  readonly open?: true;
}

/** The page over the simulated sheet; undefined where nobody asked for one. */
async function openDemoPage(app: WiredApp, tab: string, options: DemoOptions): Promise<Page | undefined> {
  if (!options.page) return undefined;
  const { editor } = await openEditedSheet({ sheet: 'google', aws: true });
  const doctor = () => examineHere({ sheet: 'google', aws: true });
  return servePage({ app, editor, sheet: { kind: 'google', name: tab }, watched: [], doctor }, options);
}

async function stay(page: Page | undefined, signal: AbortSignal): Promise<void> {
  if (page === undefined || signal.aborted) return;
  print('The page stays until Ctrl-C.');
  await once(signal, 'abort');
}

/** A chart needs a past, and the screen of a market a perpetual. */
function openMarkets(simulators: Simulators, { page }: DemoOptions): void {
  listMarkets(simulators);
  if (!page) return;
  addPast(simulators);
  listPerpetuals(simulators);
}

/** Everything outside is simulated on this machine; the handler, the store and the adapters are the ones of the Lambda. */
export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<number> {
  const folder = join(localFolder, 'demo');
  await rm(folder, { recursive: true, force: true });
  let clock = Math.floor(Date.now() / minuteMs) * minuteMs;
  const now = () => clock;
  const simulators = await startSimulators({
    now,
    users: ['default', 'dmitry', 'anna'],
    // An edit needs a column for ids.
    rows: demoSheet(options.page ? ['id'] : []),
  });
  const database = await startEmbeddedDynamoDb({ path: folder });
  let page: Page | undefined;
  try {
    Object.assign(process.env, simulators.environment, { AWS_ENDPOINT_URL_DYNAMODB: database.url });
    const config = readConfig(process.env);
    const client = createStoreClient();
    await ensureTable(client, config.tableName);
    client.destroy();
    const app = createApp(config, { now, log: quiet, metrics: () => undefined });
    const handler = createCheckHandler(app, now);
    openMarkets(simulators, options);
    page = await openDemoPage(app, config.sheetTab, options);
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
      await page?.refresh(summary);
    };
    for (const [index, step] of steps.entries()) {
      if (signal.aborted) break;
      await check(step, index + 1);
      if (page !== undefined) await untilNext(Date.now() + options.every, signal);
    }
    print(`\nIts answer columns, beside some rows:\n\n${aligned(answersShown(simulators), '  ')}`);
    const accepted = simulators.pushover.received.length;
    headline('Done');
    print(
      `${steps.length} checks, ${accepted} pushes accepted. Your own alerts: see "On your own machine" in the README.`,
    );
    await stay(page, signal);
    return 0;
  } finally {
    await page?.close();
    await simulators.close();
    await database.close();
  }
}
