import { type Fault, type FaultKind, kindsOf, type Operation, throttled } from './fault.js';
import type { Picker } from './order.js';
import type { ToldAlert } from './told.js';

/** Of one fire. */
type ToldFire = ToldAlert & { readonly fireId: string };

/** One attempt of one call of a run. */
export interface Attempt {
  readonly run: string;
  readonly operation: Operation;
  readonly alertId: string;
  /** Which fire of the alert it is about. */
  readonly fireId?: string;
  /** Of a push. */
  readonly channel?: string;
  readonly user?: string;
  readonly act: () => Promise<unknown>;
  /** What the caller sees of a lost answer: an error thrown for the SDK, a value for the phone. */
  readonly lost: () => unknown;
  /** Of a push: one alert, or several together. */
  readonly told?: readonly ToldFire[];
  /** The other attempts of the same call. */
  readonly call: { isCut: boolean };
}

export interface TraceEntry {
  readonly run: string;
  readonly operation: Operation;
  readonly alertId: string;
  readonly fireId?: string;
  readonly channel?: string;
  readonly told?: readonly ToldFire[];
  readonly fault: FaultKind | undefined;
  /** When it was made (ms). */
  readonly clock: number;
  /** Which call was under way when this one was carried out, counted from 0: its own, or one that it came late to. */
  readonly doneAt?: number;
  /** When it was carried out (ms). */
  readonly doneClock?: number;
}

interface Waiting extends Attempt {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface Clock {
  now: number;
}

export interface Turns {
  /** Waits for the run's turn, and never returns to a run that died. */
  take(attempt: Attempt): Promise<unknown>;
  /** Counts what a run has under way, so that its next call is waited for. */
  during<T>(run: string, work: () => Promise<T>): Promise<T>;
  /** Lets the runs, and those that join them, go on call by call until each has ended or died. */
  play(runs: Readonly<Record<string, Promise<unknown>>>, deadline: number, pick: Picker): Promise<void>;
  /** A run begins while others are under way; it is ended at its deadline (ms). */
  join(name: string, run: Promise<unknown>, deadline: number): void;
  /** What was sent and lay somewhere on the way arrives. */
  arrive(): Promise<void>;
  readonly trace: readonly TraceEntry[];
  readonly died: ReadonlySet<string>;
}

/** What a call takes by itself. */
const callMs = 50;
const immediately = () => new Promise<void>((resolve) => setImmediate(resolve));

/** One outside call at a time, in the order of a picker; whatever happens between two calls happens at once. */
export function createTurns(settings: {
  readonly clock: Clock;
  readonly faults: readonly Fault[];
  /** What goes wrong with it where none of these is for it. */
  readonly standing?: (attempt: Attempt) => FaultKind | undefined;
  /** Tells the services what to do to the next request. */
  readonly toServices: (fault: FaultKind | undefined) => void;
  /** Before each call; runs may join then. */
  readonly meanwhile: (made: Readonly<Record<string, number>>) => Promise<void>;
}): Turns {
  const { clock, faults, standing, toServices, meanwhile } = settings;
  const waiting: Waiting[] = [];
  const trace: (TraceEntry & { doneAt?: number; doneClock?: number })[] = [];
  const died = new Set<string>();
  const ended = new Set<string>();
  /** Until when each that is played may go on. */
  const playing = new Map<string, number>();
  const underWay = new Map<string, number>();
  const made: Record<string, number> = {};
  const late: (() => Promise<void>)[] = [];
  let firstList: unknown;

  const isBusy = (run: string): boolean =>
    !died.has(run) &&
    !ended.has(run) &&
    (underWay.get(run) ?? 0) !== waiting.filter((attempt) => attempt.run === run).length;

  /** Three rounds, since a push gives its connection back a round after its answer. */
  async function settle(): Promise<void> {
    for (let quiet = 0, rounds = 0; quiet < 3; rounds += 1) {
      if (rounds > 100_000) throw new Error('a run neither calls nor ends');
      await immediately();
      quiet = [...playing.keys()].some(isBusy) ? 0 : quiet + 1;
    }
  }

  function kill(run: string): void {
    died.add(run);
    for (let index = waiting.length - 1; index >= 0; index -= 1)
      if (waiting[index]?.run === run) waiting.splice(index, 1);
  }

  function join(name: string, run: Promise<unknown>, deadline: number): void {
    playing.set(name, deadline);
    const end = () => ended.add(name);
    void run.then(end, end);
  }

  async function carryOut(attempt: Waiting, fault: FaultKind | undefined): Promise<void> {
    const { act, call, resolve, reject } = attempt;
    const entry = trace.at(-1);
    const done = async () => {
      const outcome = await outcomeOf(act);
      if (outcome.ok && entry !== undefined) Object.assign(entry, { doneAt: trace.length - 1, doneClock: clock.now });
      return outcome;
    };
    if (fault?.effect === 'late') late.push(async () => void (await done()));
    toServices(fault);
    const effect = fault === undefined || fault.effect === 'now' ? await done() : undefined;
    toServices(undefined);
    clock.now += fault?.takesMs ?? callMs;
    if (effect !== undefined && attempt.operation === 'list') firstList ??= effect;
    if (fault?.isFinal) call.isCut = true;
    switch (fault?.answer ?? 'as-sent') {
      case 'as-sent':
        return effect === undefined ? undefined : effect.ok ? resolve(effect.value) : reject(effect.error);
      case 'stale':
        return resolve(((firstList ?? (await outcomeOf(act))) as { value: unknown }).value);
      case 'throttled':
        return reject(throttled());
      case 'lost':
        return settleWith(attempt);
      case 'never':
        return kill(attempt.run);
    }
  }

  return {
    trace,
    died,
    join,
    async arrive() {
      for (const act of late.splice(0)) await act();
    },
    async take(attempt) {
      if (attempt.call.isCut) return attempt.lost();
      return new Promise((resolve, reject) => {
        if (!died.has(attempt.run)) waiting.push({ ...attempt, resolve, reject });
      });
    },
    async during(run, work) {
      underWay.set(run, (underWay.get(run) ?? 0) + 1);
      try {
        return await work();
      } finally {
        underWay.set(run, (underWay.get(run) ?? 0) - 1);
      }
    },
    async play(runs, deadline, pick) {
      playing.clear();
      // The index is behind by moments, not by the time between two checks.
      firstList = undefined;
      for (const [name, run] of Object.entries(runs)) join(name, run, deadline);
      for (;;) {
        await settle();
        const before = playing.size;
        await meanwhile(made);
        if (playing.size > before) continue;
        if (waiting.length === 0) {
          if ([...playing.keys()].every((name) => ended.has(name) || died.has(name))) return;
          throw new Error('a run waits for something that is no outside call');
        }
        const [attempt] = waiting.splice(pick(waiting, made), 1);
        if (attempt === undefined) continue;
        const { run, operation, alertId, fireId, channel, told } = attempt;
        // As Lambda ends what takes too long.
        if (clock.now >= (playing.get(run) ?? deadline)) {
          kill(run);
          continue;
        }
        const call = (made[run] ?? 0) + 1;
        made[run] = call;
        const kinds = kindsOf(operation);
        const asked = faults.find((each) => each.run === run && each.call === call);
        const fault = asked ? kinds[asked.kind % kinds.length] : standing?.(attempt);
        const of = { ...(fireId !== undefined && { fireId }), ...(channel !== undefined && { channel }) };
        trace.push({ run, operation, alertId, ...of, ...(told && { told }), fault, clock: clock.now });
        await carryOut(attempt, fault);
      }
    },
  };
}

type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };

const outcomeOf = (act: () => Promise<unknown>): Promise<Outcome> =>
  act().then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );

function settleWith({ lost, resolve, reject }: Waiting): void {
  try {
    resolve(lost());
  } catch (error) {
    reject(error);
  }
}
