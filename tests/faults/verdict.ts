import { StoreError } from '../../src/adapters/dynamodb/store-error.js';
import { alertIdOf, isLabelled } from './one-run.js';
import { isClean, type Played } from './scenario.js';
import { begunAt } from './scenes.js';

export interface Verdict {
  /** Fires that Pushover never accepted. */
  readonly lost: number;
  /** Pushes beyond the first that do not say so, and pushes beyond the first that nothing excuses. */
  readonly doubled: number;
  readonly labelledRepeats: number;
  /** In words, for whoever has to look into it. */
  readonly problems: readonly string[];
}

type Entry = Played['trace'][number];

const pushesOf = (alertId: string, { trace }: Played): Entry[] =>
  trace.filter((entry) => entry.operation === 'push' && entry.alertId === alertId);

/** Nothing was sent to the phone, and everybody knows it. */
const isRefused = ({ fault }: Entry): boolean =>
  fault?.name === 'dies before' ||
  (fault?.answer === 'as-sent' && fault.service !== undefined && fault.isUnknown !== true);

/** Written down by that run while it lived, or by what it had sent and came late, but before the other run took over. */
function isCommitted({ run, alertId }: Entry, { trace }: Played, before: number): boolean {
  return trace.some((entry, index) => {
    if (entry.operation !== 'commit' || entry.run !== run || entry.alertId !== alertId) return false;
    return entry.doneAt !== undefined && (entry.doneAt === index || entry.doneAt < before);
  });
}

/** What makes a further push pardonable: nobody knew of the ones before, or the run that knew could not write it down. */
function countUnexcused(alertId: string, played: Played): number {
  const { trace } = played;
  const sent = pushesOf(alertId, played).filter((entry) => !isRefused(entry));
  return sent.filter((push, time) => {
    const takenAt = trace.slice(0, trace.indexOf(push)).findLastIndex(({ run, operation, ...entry }) => {
      return run === push.run && entry.alertId === alertId && (operation === 'takeOver' || operation === 'claim');
    });
    return sent
      .slice(0, time)
      .some((earlier) => earlier.fault?.isUnknown !== true && isCommitted(earlier, played, takenAt));
  }).length;
}

/** A push after one whose outcome is not known, or was accepted, has to say that it may be a repeat. */
function isSentAgainUnlabelled(alertId: string, played: Played): boolean {
  let mayHaveArrived = false;
  for (const entry of pushesOf(alertId, played)) {
    if (mayHaveArrived && !entry.isLabelled) return true;
    mayHaveArrived ||= !isRefused(entry);
  }
  return false;
}

/** What the SDK's own repeats make good, and what the sheet cannot tell, is no reason to call a push a repeat. */
const isHarmless = ({ trace, died }: Played): boolean =>
  died === 0 &&
  trace.every(({ operation, fault }) => {
    if (fault === undefined || operation === 'readSheet') return true;
    return operation !== 'push' && fault.isFinal !== true;
  });

/** Expired and armed afresh by a run with an older sheet, it misses every touch in between. */
function isWatchInterrupted({ scene, trace, left }: Played): boolean {
  const isStored = trace.some(
    ({ run, operation, alertId, doneAt }, index) =>
      operation === 'create' && alertId === scene.watched && doneAt === index && !isClean(run),
  );
  const armedAt = left.find(({ id }) => id === scene.watched)?.armedAt ?? Number.POSITIVE_INFINITY;
  return isStored && armedAt > begunAt + scene.remainingMs;
}

export function judge(played: Played): Verdict {
  const { scene, pushes, left, trace } = played;
  const problems: string[] = [];
  let lost = 0;
  let doubled = 0;
  let labelledRepeats = 0;
  const fail = (problem: string) => problems.push(problem);
  for (const [id, expected] of Object.entries(scene.firing)) {
    const got = pushes.filter(({ title }) => alertIdOf(title) === id);
    const unlabelled = got.filter(({ message }) => !isLabelled(message)).length;
    const alert = left.find((each) => each.id === id);
    const isFired = alert?.triggeredCount === expected.count;
    if (got.length === 0 && (isFired || !expected.isOptional)) {
      lost += 1;
      fail(`${id}: no push was accepted`);
    }
    const unexcused = countUnexcused(id, played);
    const hidden = Math.max(0, unlabelled - 1, isSentAgainUnlabelled(id, played) && got.length > 1 ? 1 : 0);
    doubled += Math.max(unexcused, hidden);
    labelledRepeats += Math.max(0, got.length - 1);
    if (unexcused > 0) fail(`${id}: ${got.length} pushes, ${unexcused} of them without a reason`);
    if (hidden > 0) fail(`${id}: ${got.length} pushes, a repeat does not say so`);
    if (isSentAgainUnlabelled(id, played)) fail(`${id}: sent again after an unknown outcome without saying so`);
    if (expected.isUnsure && unlabelled > 0)
      fail(`${id}: nobody knows of its earlier push, but the next does not say so`);
    if (!expected.isUnsure && isHarmless(played) && unlabelled < got.length)
      fail(`${id}: called a repeat without a reason`);
    const came = alert && `${alert.status}, count ${alert.triggeredCount}`;
    const isRight = expected.isOptional
      ? alert !== undefined && alert.status !== 'notifying' && isFired === got.length > 0
      : isFired && alert.status === 'triggered';
    if (!isRight) fail(`${id}: left ${came ?? 'without an item'}`);
  }
  for (const alert of left) {
    if (!(alert.id in scene.firing) && alert.status !== 'pending') fail(`${alert.id}: left ${alert.status}`);
  }
  if (isWatchInterrupted(played)) fail(`${scene.watched}: expired and armed afresh, though its row never went away`);
  for (const { title } of pushes) if (!(alertIdOf(title) in scene.firing)) fail(`"${title}" was pushed for no reason`);
  if (played.isSecretShown) fail('a secret is shown');
  for (const error of played.errors) if (!(error instanceof StoreError)) fail(`a run threw ${String(error)}`);
  for (const error of played.cleanErrors) fail(`a run without faults threw ${String(error)}`);
  if (trace.some(({ run, fault }) => isClean(run) && fault !== undefined)) fail('a clean run met a fault');
  return { lost, doubled, labelledRepeats, problems };
}
