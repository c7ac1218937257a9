import { StoreError } from '../../src/adapters/dynamodb/store-error.js';
import { isClean, type Played } from './scenario.js';
import { begunAt } from './scenes.js';
import { channelKeys } from './stage.js';
import { toldIn } from './told.js';

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

/** An alert on a channel of its user. */
interface Told {
  readonly alertId: string;
  readonly channel: string;
}

const isOn = ({ channel: of = 'pushover' }: Pick<Entry, 'channel'>, { channel }: Pick<Told, 'channel'>): boolean =>
  of === channel;

/** What a push on the channel says of the alert, alone or among others. */
const saidOf = (told: Told, entry: Entry) =>
  entry.operation === 'push' && isOn(entry, told)
    ? entry.told?.find(({ alertId }) => alertId === told.alertId)
    : undefined;

const pushesOf = (told: Told, { trace }: Played): Entry[] => trace.filter((entry) => saidOf(told, entry) !== undefined);

/** Refused for good on a channel: where another one accepted, that one is let go. */
const isLetGo = (told: Told, { trace, scene }: Played): boolean =>
  scene.channels !== undefined &&
  trace.some((entry) => entry.operation === 'push' && isOn(entry, told) && isRefused(entry));

/** Nothing was sent to the phone, and everybody knows it. */
const isRefused = ({ fault }: Entry): boolean =>
  fault?.name === 'dies before' ||
  (fault?.answer === 'as-sent' && fault.service !== undefined && fault.isUnknown !== true);

/** Written down by that run while it lived, or by what it had sent and came late, but before the other run took over. */
function isCommitted({ run }: Entry, { alertId }: Told, { trace }: Played, before: number): boolean {
  return trace.some((entry, index) => {
    // What has accepted stands on the item with a deferral, too.
    if (entry.operation !== 'commit' && entry.operation !== 'defer') return false;
    if (entry.run !== run || entry.alertId !== alertId) return false;
    return entry.doneAt !== undefined && (entry.doneAt === index || entry.doneAt < before);
  });
}

/** What makes a further push pardonable: nobody knew of the ones before, or the run that knew could not write it down. */
function countUnexcused(told: Told, played: Played): number {
  const { trace } = played;
  const sent = pushesOf(told, played).filter((entry) => !isRefused(entry));
  return sent.filter((push, time) => {
    const takenAt = trace.slice(0, trace.indexOf(push)).findLastIndex(({ run, operation, ...entry }) => {
      return run === push.run && entry.alertId === told.alertId && (operation === 'takeOver' || operation === 'claim');
    });
    return sent
      .slice(0, time)
      .some((earlier) => earlier.fault?.isUnknown !== true && isCommitted(earlier, told, played, takenAt));
  }).length;
}

/** A push after one whose outcome is not known, or was accepted, has to say that it may be a repeat. */
function isSentAgainUnlabelled(told: Told, played: Played): boolean {
  let mayHaveArrived = false;
  for (const entry of pushesOf(told, played)) {
    if (mayHaveArrived && saidOf(told, entry)?.isLabelled !== true) return true;
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
  const channels = scene.channels ?? ['pushover'];
  const received = pushes.flatMap((push) => toldIn(push).map((told) => ({ ...told, user: push.user })));
  for (const [id, expected] of Object.entries(scene.firing)) {
    const alert = left.find((each) => each.id === id);
    const isFired = alert?.triggeredCount === expected.count;
    const all = received.filter(({ alertId }) => alertId === id);
    if (all.length === 0 && (isFired || !expected.isOptional)) {
      lost += 1;
      fail(`${id}: no push was accepted`);
    }
    for (const channel of channels) {
      const told = { alertId: id, channel };
      const name = scene.channels === undefined ? id : `${id} on ${channel}`;
      const got = scene.channels === undefined ? all : all.filter(({ user }) => user === channelKeys[channel]);
      const unlabelled = got.filter(({ isLabelled }) => !isLabelled).length;
      if (got.length === 0 && all.length > 0 && !isLetGo(told, played)) {
        lost += 1;
        fail(`${name}: no push was accepted, and none was refused`);
      }
      const unexcused = countUnexcused(told, played);
      const isHidden = isSentAgainUnlabelled(told, played);
      const hidden = Math.max(0, unlabelled - 1, isHidden && got.length > 1 ? 1 : 0);
      doubled += Math.max(unexcused, hidden);
      labelledRepeats += Math.max(0, got.length - 1);
      if (unexcused > 0) fail(`${name}: ${got.length} pushes, ${unexcused} of them without a reason`);
      if (hidden > 0) fail(`${name}: ${got.length} pushes, a repeat does not say so`);
      if (isHidden) fail(`${name}: sent again after an unknown outcome without saying so`);
      if (expected.isUnsure && unlabelled > 0)
        fail(`${name}: nobody knows of its earlier push, but the next does not say so`);
      if (!expected.isUnsure && isHarmless(played) && unlabelled < got.length)
        fail(`${name}: called a repeat without a reason`);
    }
    const came = alert && `${alert.status}, count ${alert.triggeredCount}`;
    const isRight = expected.isOptional
      ? alert !== undefined && alert.status !== 'notifying' && isFired === all.length > 0
      : isFired && alert.status === (expected.repeats === undefined ? 'triggered' : 'pending');
    if (!isRight) fail(`${id}: left ${came ?? 'without an item'}`);
  }
  for (const alert of left) {
    if (!(alert.id in scene.firing) && alert.status !== 'pending') fail(`${alert.id}: left ${alert.status}`);
  }
  if (isWatchInterrupted(played)) fail(`${scene.watched}: expired and armed afresh, though its row never went away`);
  for (const { alertId } of received) if (!(alertId in scene.firing)) fail(`"${alertId}" was pushed for no reason`);
  if (played.isSecretShown) fail('a secret is shown');
  for (const error of played.errors) if (!(error instanceof StoreError)) fail(`a run threw ${String(error)}`);
  for (const error of played.cleanErrors) fail(`a run without faults threw ${String(error)}`);
  if (trace.some(({ run, fault }) => isClean(run) && fault !== undefined)) fail('a clean run met a fault');
  return { lost, doubled, labelledRepeats, problems };
}
