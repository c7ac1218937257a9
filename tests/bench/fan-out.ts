import { type QueueEvent, startEventSourceMapping } from '../support/event-source-mapping.js';
import { createQueueClient } from '../support/queue.js';
import { sizes } from './cases.js';
import type { Child } from './child.js';
import { checksAMonth, monthsCost, prices } from './cost.js';
import { type Lab, lambda, openLab, programs } from './lab.js';
import { latencyMs } from './latencies.js';
import type { Invocation } from './measured.js';

/** One check in which a hundredth of the alerts fires, and what became of the fires. */
export interface FannedOut {
  readonly alerts: number;
  readonly isOn: boolean;
  readonly checkMs: number;
  /** From the beginning of the check until the last fire was told and written down. */
  readonly untilToldMs: number;
  readonly fires: number;
  readonly pushes: number;
  /** What two connections at a time take for the pushes. */
  readonly channelMs: number;
  readonly rung: number;
  readonly workers: number;
  readonly queueRequests: number;
  readonly monthCost: number;
}

interface Answer {
  readonly fired: readonly { readonly outcome: string }[];
}

const onLambda = ({ wallMs, cpuMs }: Invocation): number => Math.max(0, wallMs - cpuMs) + cpuMs / lambda.cpuShare;

/** https://aws.amazon.com/sqs/pricing/: standard queue, the first million free, which is left out here. */
const millionQueueRequests = 0.4;
/** Lambda asks an idle queue with five pollers that wait twenty seconds each. */
const idlePollsAMonth = (5 * 730 * 3_600) / 20;

/** Two workers at a time, each a process of its own, from the beginning of the check until the queue is empty. */
function work(lab: Lab, environment: Readonly<Record<string, string>>, queueUrl: string) {
  const workers = [0, 1].map(() => lab.start(programs.worker, environment));
  const idle: Child<unknown>[] = [...workers];
  const invocations: Invocation[] = [];
  const client = createQueueClient(environment.AWS_ENDPOINT_URL_SQS ?? '');
  const mapping = startEventSourceMapping({
    client,
    queueUrl,
    async handler(event: QueueEvent) {
      const worker = idle.pop();
      if (worker === undefined) throw new Error('more than two workers were asked for');
      const invocation = await worker.ask<Invocation>(event);
      idle.push(worker);
      invocations.push(invocation);
      return invocation.answer;
    },
  });
  return async () => {
    await mapping.drained();
    const drainedAt = performance.now();
    await mapping.close();
    client.destroy();
    await Promise.all(workers.map((worker) => worker.end()));
    if (mapping.invocations.some(({ end }) => end !== 'done')) throw new Error('a worker has left messages behind');
    return { drainedAt, invocations };
  };
}

/** A fast run that did not do its work is no measurement. */
function verify({ alerts, isOn, fires, rung }: FannedOut, told: number): void {
  const expected = alerts / 100;
  const isWhole = fires === expected && told === expected && (isOn ? rung > expected / 2 : rung === 0);
  if (!isWhole)
    throw new Error(`of ${expected} fires of ${alerts} alerts ${fires} fired, ${rung} rung, ${told} committed`);
}

async function measure(alerts: number, isOn: boolean): Promise<FannedOut> {
  const { markets = alerts } = sizes.find((size) => size.alerts === alerts) ?? {};
  const lab = await openLab('trading-alerts', { alerts, markets, asks: 'plain' });
  try {
    const { queueUrl, environment } = await lab.queue();
    const child = lab.start(programs['trading-alerts'], isOn ? environment : {});
    await lab.invoke(child, 'quiet');
    const untilDone = isOn ? work(lab, environment, queueUrl) : undefined;
    const check = await lab.invoke(child, 'one-percent');
    const checked = performance.now();
    const checkMs = check.invocation.wallMs;
    const worked = (await untilDone?.()) ?? { drainedAt: checked, invocations: [] };
    await child.end();
    const counts = await lab.counts();
    const { fired } = check.invocation.answer as Answer;
    const pushes = counts.requests.pushover ?? 0;
    const workersMs = worked.invocations.reduce((sum, each) => sum + onLambda(each), 0);
    const queueRequests = counts.requests.queue ?? 0;
    const { withoutSecretAndFreeTier } = monthsCost({
      lambdaMs: onLambda(check.invocation) + workersMs,
      memoryMb: lambda.memoryMb,
      readUnits: counts.read,
      writeUnits: counts.write,
      secretReads: counts.requests.secret ?? 0,
      hasSecret: true,
    });
    const queueMonth = isOn ? ((queueRequests * checksAMonth + idlePollsAMonth) / 1e6) * millionQueueRequests : 0;
    const workersMonth = ((worked.invocations.length * checksAMonth) / 1e6) * prices.millionInvocations;
    const measured: FannedOut = {
      alerts,
      isOn,
      checkMs,
      // Between the two the services are asked for their counts.
      untilToldMs: checkMs + (worked.drainedAt - checked),
      fires: fired.length,
      pushes,
      channelMs: (pushes * latencyMs.push) / 2,
      rung: fired.filter(({ outcome }) => outcome === 'rung').length,
      workers: worked.invocations.length,
      queueRequests,
      monthCost: withoutSecretAndFreeTier + queueMonth + workersMonth,
    };
    verify(measured, counts.committed);
    return measured;
  } finally {
    await lab.close();
  }
}

export const fannedOutSizes: readonly number[] = [10_000, 100_000];

/** Each size without the fan-out and with it, one after another. */
export async function measureFanOut(
  alerts: readonly number[],
  tell: (what: string) => void,
): Promise<readonly FannedOut[]> {
  const measured: FannedOut[] = [];
  for (const size of fannedOutSizes.filter((each) => alerts.includes(each))) {
    for (const isOn of [false, true]) {
      tell(`fan-out ${isOn ? 'on' : 'off'}, ${size} alerts: one-percent`);
      measured.push(await measure(size, isOn));
    }
  }
  return measured;
}
