import pLimit from 'p-limit';
import { type Alert, isArmed, type Trigger, type WaitingAlert } from '../domain/alert.js';
import { memoryToKeep } from '../domain/alert-memory.js';
import type { Looked } from '../domain/answers/looked.js';
import { afterReturn, isReturning, type ReturningAlert } from '../domain/delivery/rearm.js';
import { messageOf } from '../domain/error-message.js';
import { evaluate, isSeenToItsEnd, type NotFiredReason, type PriceEvidence } from '../domain/evaluation.js';
import type { Watermarks } from '../domain/evidence/watermark.js';
import { waitText } from '../domain/message.js';
import type { CandleHistory } from './candle-history.js';
import type { Deliveries } from './deliver.js';
import type { TellEvidence } from './gather-candles.js';
import { type GatherResult, gatherEvidence } from './gather-evidence.js';
import { tellingFunding } from './judge-funding.js';
import { createLookOver } from './look-over.js';
import { priceErrorText } from './market-failures.js';
import type { Ports } from './ports/ports.js';
import type { Run } from './run.js';
import type { Delivered } from './tell-claimed.js';

export interface MarketsResult
  extends Pick<GatherResult, 'checked' | 'failed' | 'left' | 'isEveryExchangeDown' | 'observed' | 'requests'> {
  /** What became of each alert that fired, in the order of the alerts. */
  readonly delivered: readonly Delivered[];
  /** Alerts whose time is over, as the run leaves them. */
  readonly ended: readonly Alert[];
  /** Alerts whose price was back on the other side, as the run found that. */
  readonly armedAgain: readonly Alert[];
  /** What was seen for an alert; undefined for one that was not watched, or found no time. */
  looked(id: string): Looked | undefined;
  /** How many alerts stayed silent, by reason. */
  readonly silent: Readonly<Partial<Record<NotFiredReason, number>>>;
  readonly watermarks: Watermarks;
  readonly problems: readonly string[];
}

type MarketPorts = Pick<Ports, 'exchanges' | 'now' | 'store' | 'log' | 'timeZone'>;

/** As many as claims: more at a time only opens sockets. */
const writesAtATime = 25;

/**
 * What a check finds out of an alert that does not fire is written while other markets are still asked. What is not
 * written keeps its market's window open.
 */
function createFindings({ store }: Pick<MarketPorts, 'store'>, run: Run) {
  const limit = pLimit(writesAtATime);
  const writes: Promise<void>[] = [];
  const unwritten: Alert[] = [];
  const problems: string[] = [];
  const armedAgain: Alert[] = [];
  async function write(alert: Alert, attempt: () => Promise<boolean>, then: () => void): Promise<void> {
    try {
      if (run.hasTime() && (await attempt())) then();
      else unwritten.push(alert);
    } catch (error) {
      unwritten.push(alert);
      problems.push(messageOf(error));
    }
  }
  const add = (...written: Parameters<typeof write>): void => {
    if (!run.isDryRun) writes.push(limit(() => write(...written)));
  };
  return {
    remember: (...facts: Parameters<typeof store.remember>) =>
      add(
        facts[0],
        () => store.remember(...facts),
        () => undefined,
      ),
    armAgain: (alert: ReturningAlert, to: Parameters<typeof store.armAgain>[1], then: () => void) =>
      add(
        alert,
        () => store.armAgain(alert, to),
        () => {
          armedAgain.push({ ...alert, ...to });
          then();
        },
      ),
    async written() {
      // What is armed again may be judged at once, and remember something.
      for (let seen = -1; seen < writes.length; ) {
        seen = writes.length;
        await Promise.all(writes);
      }
      return { unwritten, problems, armedAgain };
    },
  };
}

/** Decides on alerts one by one; what fires is under way from then on. */
function createJudge(ports: MarketPorts, deliveries: Pick<Deliveries, 'fire' | 'end'>, run: Run) {
  const underWay = new Map<string, Promise<Delivered>>();
  const ending = new Map<string, ReturnType<Deliveries['end']>>();
  const silent: Partial<Record<NotFiredReason, number>> = {};
  const findings = createFindings(ports, run);
  const lookOver = createLookOver();

  function keepSilent(alert: Alert, reason: NotFiredReason): void {
    silent[reason] = (silent[reason] ?? 0) + 1;
    const detail = reason === 'waits-out-repeat' ? waitText(alert, ports.now(), ports.timeZone) : undefined;
    ports.log.debug('silent', { alertId: alert.id, symbol: alert.symbol, reason, ...(detail && { detail }) });
  }

  function fire(alert: WaitingAlert, trigger: Trigger): void {
    const delivered = deliveries.fire(alert, trigger);
    // Awaited at the end of the run; a failure before that must not end the process.
    delivered.catch(() => undefined);
    underWay.set(alert.id, delivered);
  }

  function judgeArmed(alert: WaitingAlert, evidence: PriceEvidence, canAskFiner: boolean): ReturnType<TellEvidence> {
    const { open = [], memory, ...decision } = evaluate(alert, evidence);
    lookOver.price(alert, evidence, memory);
    if (decision.fire) {
      fire(alert, decision.trigger);
      return [];
    }
    if (open.length > 0 && canAskFiner) return [{ alert, open }];
    keepSilent(alert, decision.reason);
    if (isSeenToItsEnd(alert, evidence)) ending.set(alert.id, deliveries.end(alert));
    const kept = memoryToKeep(alert, evidence.market, memory);
    if (kept !== undefined && decision.reason === 'not-touched') findings.remember(alert, kept);
    return [];
  }

  /** Where the other side was proved, the rest of the window is judged, once it is on record that the alert is armed. */
  function judgeReturning(alert: ReturningAlert, evidence: PriceEvidence): void {
    const to = afterReturn(alert, evidence);
    lookOver.price(alert, evidence, undefined);
    if (to !== undefined && to.rearm === undefined && !run.isDryRun) {
      findings.armAgain(alert, to, () => judgeArmed({ ...alert, ...to }, evidence, false));
      return;
    }
    if (to !== undefined) findings.armAgain(alert, to, () => undefined);
    else if (isSeenToItsEnd(alert, evidence)) ending.set(alert.id, deliveries.end(alert));
    keepSilent(alert, 'not-armed');
  }

  const tell: TellEvidence = (alerts, evidence, canAskFiner) =>
    alerts.flatMap((alert) => {
      if (isArmed(alert)) return judgeArmed(alert, evidence, canAskFiner);
      if (isReturning(alert)) judgeReturning(alert, evidence);
      return [];
    });
  const end = (alert: WaitingAlert): unknown => ending.set(alert.id, deliveries.end(alert));
  const tellFunding = tellingFunding({ fire, end, keepSilent, findings, look: lookOver.rate });
  return { underWay, ending, silent, findings, lookOver, tell, tellFunding, keepSilent };
}

/** Armed alerts and those that may be armed again in, what became of them out: each market is asked, each alert judged, and told of where it fired. */
export async function checkMarkets(
  ports: MarketPorts,
  watched: readonly WaitingAlert[],
  known: {
    readonly before: Watermarks;
    readonly history: CandleHistory;
    readonly deliveries: Pick<Deliveries, 'fire' | 'noMoreFires' | 'end'>;
  },
  run: Run,
): Promise<MarketsResult> {
  const judge = createJudge(ports, known.deliveries, run);
  const told = new Set<string>();
  const noting =
    <Rest extends unknown[], Given>(tell: (alerts: readonly Alert[], ...rest: Rest) => Given) =>
    (alerts: readonly Alert[], ...rest: Rest): Given => {
      for (const { id } of alerts) told.add(id);
      return tell(alerts, ...rest);
    };
  const tells = [noting(judge.tell), noting(judge.tellFunding)] as const;
  const gathered = await gatherEvidence(ports, watched, known, run, ...tells);
  for (const { exchange, error } of gathered.rangeFailures) {
    ports.log.warn('no ranges in bulk, so markets are asked one by one', { exchange, reason: priceErrorText(error) });
  }
  for (const alert of watched) if (!told.has(alert.id)) judge.keepSilent(alert, 'no-price');
  const { unwritten, problems, armedAgain } = await judge.findings.written();
  known.deliveries.noMoreFires();
  const delivered = await Promise.all(watched.flatMap(({ id }) => judge.underWay.get(id) ?? []));
  const ended = await Promise.all(judge.ending.values());
  const unclaimed = delivered.flatMap(({ alert, isUnclaimed }) => (isUnclaimed && alert ? [alert] : []));
  const { checked, failed, left, isEveryExchangeDown, observed, requests } = gathered;
  return {
    ...{ checked, failed, left, isEveryExchangeDown, observed, requests },
    delivered,
    silent: judge.silent,
    ended: ended.map(({ alert }) => alert),
    armedAgain,
    looked: judge.lookOver.looked(failed, gathered.unpriced),
    watermarks: gathered.watermarksAfter([...unclaimed, ...unwritten]),
    problems: [...problems, ...ended.flatMap((each) => each.problems)],
  };
}
