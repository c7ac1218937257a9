import { expect, test } from '@jest/globals';
import { channelsToTell } from './judge-channels.js';
import type { Scene } from './scene.js';
import type { TraceEntry } from './turns.js';
import { usersId } from './users-tab.js';

const scene: Scene = {
  ...{ stored: [], rows: [], firing: {}, remainingMs: 0 },
  channels: ['pushover', 'telegram'],
  settings: [{ user: 'default', timeZone: undefined, quiet: undefined, notify: ['telegram'] }],
};
const spoilt: Scene = { ...scene, damaged: { [usersId]: { users: 'spoilt' } } };
const unavailable = { name: 'unavailable', effect: 'none', answer: 'lost' } as const;
const traceOf = (fault: TraceEntry['fault']): TraceEntry[] => [
  { run: 'A', operation: 'readSheet', alertId: '', fault, clock: 0 },
  { run: 'A', operation: 'claim', alertId: 'a', fireId: 'fire', fault: undefined, clock: 0, doneAt: 1 },
];

test.each<[string, Scene, TraceEntry['fault'], string, string[]]>([
  ['what the tab said', scene, unavailable, 'fire', ['telegram']],
  ['what the tab says, whatever became of what it said', spoilt, undefined, 'fire', ['telegram']],
  ['all where the claim could know neither', spoilt, unavailable, 'fire', ['pushover', 'telegram']],
  ['the claim’s where another run had made it', spoilt, unavailable, 'earlier', ['telegram']],
])('a fire is told on %s', (_, of, fault, fireId, expected) =>
  expect(channelsToTell(fireId, 'default', { scene: of, trace: traceOf(fault) })).toEqual(expected),
);
