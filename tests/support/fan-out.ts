import { createDoorbell } from '../../src/adapters/queue/doorbell.js';
import { createWorker, type WorkerReplacements } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { DeliveryReport } from '../../src/flows/ports/delivery-report.js';
import { createDeliverHandler } from '../../src/handlers/deliver-handler.js';
import { startEventSourceMapping } from './event-source-mapping.js';
import { startQueue, type TestQueue } from './queue.js';
import { createWorld, type World } from './world.js';

export interface FanOut {
  readonly world: World;
  readonly queue: TestQueue;
  /** What the workers said of themselves. */
  readonly reports: DeliveryReport[];
  /** One check that rings. */
  check(remainingMs?: number): ReturnType<World['check']>;
  /** A worker of its own, as another Lambda instance has it; `remainingMs` until it is stopped. */
  worker(replacements?: WorkerReplacements, remainingMs?: number): ReturnType<typeof createDeliverHandler>;
  /** Workers come for all that is in the queue, put off or not. */
  drain(worker?: ReturnType<typeof createDeliverHandler>): Promise<void>;
  close(): Promise<void>;
}

/** The whole product with its queue, all on loopback. */
export async function createFanOut(...given: Parameters<typeof createWorld>): Promise<FanOut> {
  const [world, queue] = await Promise.all([createWorld(...given), startQueue()]);
  const config = readConfig({ ...world.environment, SQS_QUEUE_URL: queue.queueUrl });
  const doorbell = createDoorbell(queue.client, queue.queueUrl);
  const reports: DeliveryReport[] = [];
  const { now, store, history } = world;
  const write = (level: string) => (message: string, fields: Readonly<Record<string, unknown>>) => {
    world.log.push({ level, message, fields });
  };
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const worker: FanOut['worker'] = (replacements = {}, remainingMs = 30_000) => {
    const metrics = (report: DeliveryReport) => reports.push(report);
    const app = createWorker(config, { now, store, history, doorbell, log, metrics, ...replacements });
    const handle = createDeliverHandler(app, now);
    return (event) => handle(event, { getRemainingTimeInMillis: () => remainingMs });
  };
  return {
    world,
    queue,
    reports,
    worker,
    check: (remainingMs) => world.handler({ doorbell }, remainingMs)({ source: 'schedule' }),
    async drain(handler = worker()) {
      const mapping = startEventSourceMapping({ ...queue, handler });
      await mapping.drained();
      await mapping.close();
    },
    close: async () => {
      await queue.close();
      await world.close();
    },
  };
}

/** As SQS gives messages to a worker. */
export const doorbells = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m-${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })),
});
