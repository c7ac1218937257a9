import { StoreError } from '../../src/adapters/dynamodb/store-error.js';
import type { Alert } from '../../src/domain/alert.js';
import { type Fire, firesOf, missedFires, wrongFires } from './fires.js';
import { channelsToTell } from './judge-channels.js';
import { historyProblems } from './judge-history.js';
import { lateFires } from './judge-late.js';
import { hasSeveralKeys, keyOf, onlyUser } from './recipients.js';
import { isClean, type Played } from './scenario.js';
import { begunAt } from './scene.js';
import { toldIn } from './told.js';

export interface Verdict {
  readonly fires: number;
  /** Fires that Pushover never accepted, and touches of an armed alert that fired nothing. */
  readonly lost: number;
  /** Of a fire, pushes beyond the first that do not say so or that nothing excuses; and fires that nothing allows. */
  readonly doubled: number;
  readonly labelledRepeats: number;
  /** In words, for whoever has to look into it. */
  readonly problems: readonly string[];
}

type Entry = Played['trace'][number];

/** A fire of an alert on a channel of its user. */
interface Told {
  readonly alertId: string;
  readonly fireId: string;
  readonly channel: string;
}

const isOn = ({ channel: of = 'pushover' }: Pick<Entry, 'channel'>, { channel }: Pick<Told, 'channel'>): boolean =>
  of === channel;

const isAbout = (entry: Entry, { alertId, fireId }: Pick<Told, 'alertId' | 'fireId'>): boolean =>
  entry.alertId === alertId && entry.fireId === fireId;

/** What a push on the channel says of the fire, alone or among others. */
const saidOf = (told: Told, entry: Entry) =>
  isOn(entry, told)
    ? entry.told?.find(({ alertId, fireId }) => alertId === told.alertId && fireId === told.fireId)
    : undefined;

const pushesOf = (told: Told, { trace }: Played): Entry[] => trace.filter((entry) => saidOf(told, entry) !== undefined);

/** Refused for good on a channel: where another one accepted, that one is let go. */
const isLetGo = (told: Told, { trace, scene }: Played): boolean =>
  hasSeveralKeys(scene) && trace.some((entry) => entry.operation === 'push' && isOn(entry, told) && isRefused(entry));

/** Nothing was sent to the phone, and everybody knows it. */
const isRefused = ({ fault }: Entry): boolean =>
  fault?.name === 'dies before' ||
  (fault?.answer === 'as-sent' && fault.service !== undefined && fault.isUnknown !== true);

/** Written down by that run while it lived, or by what it had sent and came late, but before the other run took over. */
function isCommitted({ run }: Entry, told: Told, { trace }: Played, before: number): boolean {
  return trace.some((entry, index) => {
    // What has accepted stands on the item with a deferral, too.
    if (entry.operation !== 'commit' && entry.operation !== 'defer') return false;
    if (entry.run !== run || !isAbout(entry, told)) return false;
    return entry.doneAt !== undefined && (entry.doneAt === index || entry.doneAt < before);
  });
}

/** What makes a further push pardonable: nobody knew of the ones before, or the run that knew could not write it down. */
function countUnexcused(told: Told, played: Played): number {
  const { trace } = played;
  const sent = pushesOf(told, played).filter((entry) => !isRefused(entry));
  return sent.filter((push, time) => {
    const takenAt = trace.slice(0, trace.indexOf(push)).findLastIndex((entry) => {
      const isTaking = entry.operation === 'takeOver' || entry.operation === 'claim';
      return isTaking && entry.run === push.run && isAbout(entry, told);
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

/** Long, because each line is one thing that must not happen. */
export function judge(played: Played): Verdict {
  const { scene, pushes, pushedFires, left, trace } = played;
  const problems: string[] = [];
  const figures = { fires: 0, lost: 0, doubled: 0, labelledRepeats: 0 };
  const fail = (problem: string) => problems.push(problem);
  const hasKeys = hasSeveralKeys(scene);
  const userOf = (alertId: string) => [...left, ...scene.stored].find(({ id }) => id === alertId)?.user ?? onlyUser;
  const received = pushes.flatMap((push) =>
    toldIn(push).map((told) => ({ ...told, user: push.user, fireId: pushedFires.get(push)?.get(told.alertId) })),
  );

  function judgeFire({ fireId }: Fire, alertId: string, name: string, isUnsure: boolean): void {
    const all = received.filter((each) => each.alertId === alertId && each.fireId === fireId);
    if (all.length === 0) {
      figures.lost += 1;
      fail(`${name}: no push was accepted`);
    }
    const user = userOf(alertId);
    const channels = channelsToTell(fireId, user, played);
    const keys = channels.map((channel) => keyOf(user, channel));
    const elsewhere = hasKeys ? all.filter((each) => !keys.includes(each.user)).length : 0;
    figures.doubled += elsewhere;
    if (elsewhere > 0) fail(`${name}: ${elsewhere} pushes to where ${user} did not want them`);
    for (const channel of channels) {
      const told = { alertId, fireId, channel };
      const shown = hasKeys ? `${name} on ${channel}` : name;
      const got = hasKeys ? all.filter((each) => each.user === keyOf(user, channel)) : all;
      const unlabelled = got.filter(({ isLabelled }) => !isLabelled).length;
      if (got.length === 0 && all.length > 0 && !isLetGo(told, played)) {
        figures.lost += 1;
        fail(`${shown}: no push was accepted, and none was refused`);
      }
      const unexcused = countUnexcused(told, played);
      const isHidden = isSentAgainUnlabelled(told, played);
      const hidden = Math.max(0, unlabelled - 1, isHidden && got.length > 1 ? 1 : 0);
      figures.doubled += Math.max(unexcused, hidden);
      figures.labelledRepeats += Math.max(0, got.length - 1);
      if (unexcused > 0) fail(`${shown}: ${got.length} pushes, ${unexcused} of them without a reason`);
      if (hidden > 0) fail(`${shown}: ${got.length} pushes, a repeat does not say so`);
      if (isHidden) fail(`${shown}: sent again after an unknown outcome without saying so`);
      if (isUnsure && unlabelled > 0) fail(`${shown}: nobody knows of its earlier push, but the next does not say so`);
      if (!isUnsure && isHarmless(played) && unlabelled < got.length)
        fail(`${shown}: called a repeat without a reason`);
    }
  }

  /** A fire too few and a fire too many, of an alert that is armed again by its fires. */
  function judgeRepeats(alert: Alert, fires: readonly Fire[]): void {
    const [missed, wrong] = [missedFires(alert, fires, played), wrongFires(alert, fires)];
    figures.lost += missed.length;
    figures.doubled += wrong.length;
    for (const problem of [...missed, ...wrong]) fail(`${alert.id}: ${problem}`);
  }

  for (const [id, expected] of Object.entries(scene.firing)) {
    const alert = left.find((each) => each.id === id);
    const stored = scene.stored.find((each) => each.id === id) ?? alert;
    const fires = stored === undefined ? [] : firesOf(stored, played);
    const isRepeating = stored?.repeat !== undefined;
    figures.fires += fires.length;
    if (stored !== undefined && isRepeating) judgeRepeats(stored, fires);
    else if (fires.length === 0 && expected.isOptional !== true) {
      figures.lost += 1;
      fail(`${id}: it was never claimed`);
    }
    for (const [index, fire] of fires.entries()) {
      const name = isRepeating ? `${id}, fire ${index + 1}` : id;
      judgeFire(fire, id, name, expected.isUnsure === true && index === 0);
    }
    const unclaimed = received.filter(
      (each) => each.alertId === id && fires.every(({ fireId }) => fireId !== each.fireId),
    );
    figures.doubled += unclaimed.length;
    if (unclaimed.length > 0) fail(`${id}: ${unclaimed.length} pushes of fires that nobody claimed`);
    const committed = fires.filter(({ commit }) => commit !== undefined).length;
    const before = scene.stored.find((each) => each.id === id)?.triggeredCount ?? 0;
    const count = isRepeating || expected.isOptional ? before + committed : expected.count;
    const isAtRest = expected.isOptional
      ? alert?.status !== 'notifying'
      : alert?.status === (isRepeating ? 'pending' : 'triggered');
    if (alert === undefined || !isAtRest || alert.triggeredCount !== count) {
      const came = alert && `${alert.status}, count ${alert.triggeredCount}`;
      fail(`${id}: left ${came ?? 'without an item'}, after ${committed} commits`);
    }
    for (const problem of lateFires(fires, played)) fail(`${id}: ${problem}`);
    const unremembered = historyProblems(id, fires, played);
    figures.lost += unremembered.length;
    for (const problem of unremembered) fail(`${id}: ${problem}`);
    if (committed !== fires.length) fail(`${id}: ${fires.length} fires, ${committed} commits`);
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
  return { ...figures, problems };
}
