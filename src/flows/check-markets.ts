import pLimit from 'p-limit';
import { type Alert, isArmed, type WaitingAlert } from '../domain/alert.js';
import { memoryToKeep } from '../domain/alert-memory.js';
import { messageOf } from '../domain/error-message.js';
import { evaluate, type NotFiredReason } from '../domain/evaluation.js';
import type { Watermarks } from '../domain/evidence/watermark.js';
import type { CandleHistory } from './candle-history.js';
import type { Delivered, Deliveries } from './deliver.js';
import type { TellEvidence } from './gather-candles.js';
import { type GatherResult, gatherEvidence } from './gather-evidence.js';
import type { Ports } from './ports.js';
import type { Run } from './run.js';

export interface MarketsResult
  extends Pick<GatherResult, 'checked' | 'failed' | 'left' | 'isEveryExchangeDown' | 'observed'> {
  /** What became of each alert that fired, in the order of the alerts. */
  readonly delivered: readonly Delivered[];
  /** How many alerts stayed silent, by reason. */
  readonly silent: Readonly<Partial<Record<NotFiredReason, number>>>;
  readonly watermarks: Watermarks;
  readonly problems: readonly string[];
}

type MarketPorts = Pick<Ports, 'exchanges' | 'now' | 'store' | 'log'>;

/** As many as claims: more at a time only opens sockets. */
const writesAtATime = 25;

/** Memories are written while other markets are still asked. One that is not keeps its market's window open. */
function createMemories({ store }: Pick<MarketPorts, 'store'>, run: Run) {
  const limit = pLimit(writesAtATime);
  const writes: Promise<void>[] = [];
  const unwritten: Alert[] = [];
  const problems: string[] = [];
  async function write(...[alert, memory]: Parameters<typeof store.remember>): Promise<void> {
    try {
      if (!run.hasTime() || !(await store.remember(alert, memory))) unwritten.push(alert);
    } catch (error) {
      unwritten.push(alert);
      problems.push(messageOf(error));
    }
  }
  return {
    keep(...facts: Parameters<typeof store.remember>): void {
      if (!run.isDryRun) writes.push(limit(() => write(...facts)));
    },
    async written() {
      await Promise.all(writes);
      return { unwritten, problems };
    },
  };
}

/** Decides on alerts one by one; what fires is under way from then on. */
function createJudge(ports: MarketPorts, deliveries: Pick<Deliveries, 'fire'>, run: Run) {
  const underWay = new Map<string, Promise<Delivered>>();
  const silent: Partial<Record<NotFiredReason, number>> = {};
  const memories = createMemories(ports, run);

  function keepSilent({ id, symbol }: Alert, reason: NotFiredReason): void {
    silent[reason] = (silent[reason] ?? 0) + 1;
    ports.log.debug('silent', { alertId: id, symbol, reason });
  }

  const tell: TellEvidence = (alerts, evidence, canAskFiner) =>
    alerts.filter(isArmed).flatMap((alert: WaitingAlert) => {
      const { open = [], memory, ...decision } = evaluate(alert, evidence);
      if (decision.fire) {
        const delivered = deliveries.fire(alert, decision.trigger);
        // Awaited at the end of the run; a failure before that must not end the process.
        delivered.catch(() => undefined);
        underWay.set(alert.id, delivered);
        return [];
      }
      if (open.length > 0 && canAskFiner) return [{ alert, open }];
      keepSilent(alert, decision.reason);
      const kept = memoryToKeep(alert, evidence.market, memory);
      if (kept !== undefined && decision.reason === 'not-touched') memories.keep(alert, kept);
      return [];
    });
  return { underWay, silent, memories, tell, keepSilent };
}

/** Armed alerts in, what became of them out: each market is asked, each alert judged, and told of where it fired. */
export async function checkMarkets(
  ports: MarketPorts,
  armed: readonly WaitingAlert[],
  known: {
    readonly before: Watermarks;
    readonly history: CandleHistory;
    readonly deliveries: Pick<Deliveries, 'fire'>;
  },
  run: Run,
): Promise<MarketsResult> {
  const judge = createJudge(ports, known.deliveries, run);
  const told = new Set<string>();
  const gathered = await gatherEvidence(ports, armed, known, run, (alerts, ...evidence) => {
    for (const { id } of alerts) told.add(id);
    return judge.tell(alerts, ...evidence);
  });
  for (const alert of armed) if (!told.has(alert.id)) judge.keepSilent(alert, 'no-price');
  const { unwritten, problems } = await judge.memories.written();
  const delivered = await Promise.all(armed.flatMap(({ id }) => judge.underWay.get(id) ?? []));
  const unclaimed = delivered.flatMap(({ alert, isUnclaimed }) => (isUnclaimed && alert ? [alert] : []));
  const { checked, failed, left, isEveryExchangeDown, observed } = gathered;
  return {
    ...{ checked, failed, left, isEveryExchangeDown, observed },
    delivered,
    silent: judge.silent,
    watermarks: gathered.watermarksAfter([...unclaimed, ...unwritten]),
    problems,
  };
}
