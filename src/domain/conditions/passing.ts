import * as v from 'valibot';
import type { Bar } from '../evidence/bar.js';
import { foldFromStart, type Meeting, type Step } from '../evidence/fold.js';
import { type Passage, pass } from '../evidence/passage.js';
import type { ConditionKind, Reading, Target } from './kind.js';

export interface NamedPassage extends Passage {
  readonly name: string;
}

/** The passages of which a price in the first zone was seen since the alert was armed. */
export interface Ready {
  readonly ready: readonly string[];
}

const isReadyAt = ({ from }: Passage, bar: Pick<Bar, 'open'>): boolean => from?.has(bar.open) ?? true;

/** Of two that were met in one bar, the one that was ready first; the meeting has no direction where that is not known. */
function firstOf(met: readonly { readonly meeting: Meeting; readonly wasReady: boolean }[]): Meeting | undefined {
  const [first] = met;
  if (first === undefined || met.length === 1) return first?.meeting;
  const early = met.filter(({ wasReady }) => wasReady);
  return early.length === 1 ? early[0]?.meeting : { ...first.meeting, direction: undefined };
}

function takeBar(passages: readonly NamedPassage[], { ready }: Ready, bar: Bar): Step<Ready> {
  const taken = passages.map((passage) => {
    const wasReady = ready.includes(passage.name);
    return { passage, wasReady: wasReady || isReadyAt(passage, bar), passed: pass(passage, wasReady, bar) };
  });
  const met = taken.flatMap(({ passed: { meeting }, wasReady }) =>
    meeting === undefined ? [] : [{ meeting: { ...meeting, reference: undefined }, wasReady }],
  );
  return {
    facts: { ready: taken.filter(({ passed }) => passed.isReady).map(({ passage }) => passage.name) },
    meeting: firstOf(met),
    open: taken.some(({ passed }) => passed.isOpen) ? [bar] : [],
  };
}

/** Met by a price in one zone and a later one in another, both since the alert was armed. */
export function passing<T extends Target>(
  reading: Reading<T>,
  names: readonly string[],
  passagesOf: (target: T) => readonly NamedPassage[],
): ConditionKind<T, Ready> {
  const StoredReady = v.object({ ready: v.array(v.picklist(names)) });
  return {
    ...reading,
    direction: undefined,
    allowsPercent: false,
    comparesPrices: true,
    hasStart: true,
    hasOtherSide: true,
    lookBackMs: () => 0,
    canMatter: (target, facts, seen) =>
      passagesOf(target).some(({ name, from, to }) => {
        const mayBegin = from?.mayHold(seen) ?? true;
        if (facts === undefined) return mayBegin && to.mayHold(seen);
        return facts.ready.includes(name) ? to.mayHold(seen) : mayBegin;
      }),
    judge(target, judging) {
      const passages = passagesOf(target);
      return foldFromStart(
        judging,
        (open) => ({ ready: passages.filter((each) => isReadyAt(each, { open })).map(({ name }) => name) }),
        (facts, bar) => takeBar(passages, facts, bar),
      );
    },
    storeFacts: ({ ready }) => ({ ready }),
    readFacts(stored) {
      const read = v.safeParse(StoredReady, stored);
      return read.success ? read.output : undefined;
    },
    factsAfterFire: () => undefined,
  };
}
