import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createQueueClient, createQueues, type QueueOptions, type Queues, startQueue } from '../support/queue.js';

/** One that speaks SQS's protocol, on loopback. */
export interface QueueService {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  readonly endpoint: string;
  readonly client: SQSClient;
  open(options: QueueOptions): Promise<Queues>;
  close(): Promise<void>;
}

/** A program that says on a line where it listens; it ends with its input or when it is closed. */
async function startProgram(command: string, words: readonly string[], says: RegExp): Promise<QueueService> {
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  let endpoint: string | undefined;
  for await (const line of lines) {
    const [, address] = says.exec(line) ?? [];
    if (address === undefined) continue;
    endpoint = `http://${address}`;
    break;
  }
  if (endpoint === undefined) throw new Error(`${command} ended without saying where it listens`);
  child.stdout.resume();
  const client = createQueueClient(endpoint);
  return {
    endpoint,
    client,
    open: (options) => createQueues(client, options),
    close: async () => {
      client.destroy();
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const folder = join(process.cwd(), 'tests', 'queues');

const moto = `import logging, sys
from moto.server import ThreadedMotoServer
logging.disable(logging.WARNING)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("LISTENS 127.0.0.1:%d" % server.get_host_and_port()[1], flush=True)
sys.stdin.read()`;

/** By name; `tests/queues/run` says where the programs are. */
const starters: Readonly<Record<string, () => Promise<QueueService>>> = {
  fauxqs: startQueue,
  elasticmq: () =>
    startProgram(
      'java',
      [
        ...['-Xmx128m', `-Dconfig.file=${join(folder, 'elasticmq.conf')}`],
        ...['-cp', join(process.env.ELASTICMQ_FOLDER ?? '', '*'), 'org.elasticmq.server.Main'],
      ],
      /bind address ([\d.]+:\d+)/,
    ),
  moto: () => startProgram(process.env.MOTO_PYTHON ?? 'python3', ['-c', moto], /^LISTENS (.+)/),
};

/** fauxqs is installed with the tests; the others where `QUEUE_SERVICES` names them. */
export const serviceNames: readonly string[] = (process.env.QUEUE_SERVICES ?? 'fauxqs').split(',');

export function startService(name: string): Promise<QueueService> {
  const start = starters[name];
  if (start === undefined)
    throw new Error(`QUEUE_SERVICES: expected some of ${Object.keys(starters).join(', ')}, got "${name}"`);
  return start();
}
