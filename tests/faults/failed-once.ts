import type { Scenario } from './scenario.js';

/** Scenarios that the campaign has once called wrong, by the seed that drew them. */
export const failedOnce: Readonly<Record<number, Scenario>> = {
  394204: {
    scene: 're-sorted',
    order: { kind: 'random', seed: 712_964_266 },
    faults: [
      { run: 'A', call: 8, kind: 617_403 },
      { run: 'A', call: 6, kind: 541_170 },
      { run: 'A', call: 13, kind: 465_083 },
    ],
    skewMs: 0,
    editAfter: 18,
    lateUntil: 9,
    isPairAfter: false,
  },
  // Neither the sheet nor what its users' tab last said could be read.
  7000120: {
    scene: 'rung with a spoilt users’ tab',
    order: { kind: 'first', run: 'W' },
    faults: [{ run: 'A', call: 3, kind: 344_996 }],
    skewMs: 0,
    fanOut: { seed: 981_429_132, skewMs: 0 },
    standing: { operation: 'readSecret', fault: 'hangs' },
  },
};
