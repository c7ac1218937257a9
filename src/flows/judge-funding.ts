import type { Alert, Trigger, WaitingAlert } from '../domain/alert.js';
import { memoryToKeep } from '../domain/alert-memory.js';
import { isReturning, isWatched } from '../domain/delivery/rearm.js';
import type { NotFiredReason } from '../domain/evaluation.js';
import {
  afterFundingReturn,
  evaluateFunding,
  type FundingEvidence,
  isFundingOver,
} from '../domain/funding-evaluation.js';
import type { TellFunding } from './gather-funding.js';
import type { AlertStore } from './ports/alert-store.js';

/** What may become of an alert. */
interface Verdicts {
  fire(alert: WaitingAlert, trigger: Trigger): void;
  end(alert: WaitingAlert): void;
  keepSilent(alert: Alert, reason: NotFiredReason): void;
  look(alert: Alert, evidence: FundingEvidence): void;
  readonly findings: {
    remember(...facts: Parameters<AlertStore['remember']>): void;
    armAgain(...facts: readonly [...Parameters<AlertStore['armAgain']>, then: () => void]): void;
  };
}

/** The market is kept from the first rate on, so that no other one's is taken for it. */
function judge(alert: WaitingAlert, evidence: FundingEvidence, verdicts: Verdicts): void {
  const { fire, end, keepSilent, look, findings } = verdicts;
  look(alert, evidence);
  const decision = evaluateFunding(alert, evidence);
  if (decision.fire) {
    fire(alert, decision.trigger);
    return;
  }
  keepSilent(alert, decision.reason);
  const to = isReturning(alert) ? afterFundingReturn(alert, evidence) : undefined;
  if (isReturning(alert) && to !== undefined) findings.armAgain(alert, to, () => undefined);
  else if (isFundingOver(alert, evidence)) end(alert);
  const kept = memoryToKeep(alert, evidence.market, undefined);
  if (kept !== undefined && decision.reason === 'not-touched') findings.remember(alert, kept);
}

/** Decides on each alert by the rate of its market. */
export const tellingFunding =
  (verdicts: Verdicts): TellFunding =>
  (alerts, evidence) => {
    for (const alert of alerts) if (isWatched(alert)) judge(alert, evidence, verdicts);
  };
