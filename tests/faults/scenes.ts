import type { WaitingAlert } from '../../src/domain/alert.js';
import { leaseMs } from '../../src/domain/delivery/backoff.js';
import { newChannel } from '../../src/domain/delivery/channel.js';
import { minuteMs } from '../../src/domain/time.js';
import { at, expiredAlert } from '../support/builders.js';
import { fanOutScenes } from './fan-out-scenes.js';
import { repeatingScenes } from './repeating-scenes.js';
import { begunAt, deferred, hurried, notifying, patient, pending, row, type Scene } from './scene.js';
import { stormScenes } from './storm-scenes.js';

/** Touched now, touched between two checks, and not at all. */
const threeStored = [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT'), pending('never', 'FLATUSDT')];
const threeRows = [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('never', 'FLATUSDT')];
const twoStored = threeStored.slice(0, 2);
const twoRows = threeRows.slice(0, 2);
const bothFire = { now: { count: 1 }, between: { count: 1 } };

type Patient = Omit<Scene, 'remainingMs'> & Partial<Pick<Scene, 'remainingMs'>>;

const patientScenes: Readonly<Record<string, Patient>> = {
  /** Touched now, and touched between two checks. */
  touched: {
    stored: threeStored,
    rows: threeRows,
    firing: bothFire,
  },
  /** What earlier runs left: one died, one was refused, one got no answer, one may still be alive. */
  'left behind': {
    stored: [
      notifying('dead', { claimedAt: begunAt - 5 * minuteMs, leaseUntil: begunAt - 5 * minuteMs + leaseMs }),
      notifying('refused', { ...deferred, lastError: 'refused' }),
      notifying('unanswered', { ...deferred, isPossibleRepeat: true, lastError: 'no answer' }),
      notifying('leased', { claimedAt: begunAt - 2 * minuteMs, leaseUntil: begunAt + minuteMs }),
    ],
    rows: ['dead', 'refused', 'unanswered', 'leased'].map((id) => row(id, 'FLATUSDT')),
    firing: {
      dead: { count: 1, isUnsure: true },
      refused: { count: 1 },
      unanswered: { count: 1, isUnsure: true },
      leased: { count: 1, isUnsure: true },
    },
  },
  /** The sheet has a new row, one that returned, one with another note, and one that was switched on again. */
  edited: {
    stored: [
      expiredAlert({ ...withoutStatus(pending('returned', 'HIGHUSDT')), expiredAt: at('11:30') }),
      pending('noted', 'SPIKEUSDT', { notes: 'old' }),
      switchedOff('switched'),
    ],
    rows: [
      row('new', 'HIGHUSDT'),
      row('returned', 'HIGHUSDT'),
      row('noted', 'SPIKEUSDT', true, 'new'),
      row('switched', 'HIGHUSDT'),
    ],
    firing: { new: { count: 1 }, returned: { count: 1 }, noted: { count: 1 }, switched: { count: 2 } },
  },
  /** A wait or two, and the runs are out of time. */
  hurried: {
    stored: [
      pending('now', 'HIGHUSDT'),
      pending('between', 'SPIKEUSDT'),
      notifying('dead', { claimedAt: begunAt - 5 * minuteMs, leaseUntil: begunAt - minuteMs }),
    ],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('dead', 'FLATUSDT')],
    firing: { now: { count: 1 }, between: { count: 1 }, dead: { count: 1, isUnsure: true } },
    remainingMs: hurried,
  },
  'row added': {
    stored: [pending('never', 'FLATUSDT')],
    rows: [row('never', 'FLATUSDT')],
    later: [row('new', 'HIGHUSDT'), row('watched', 'FLATUSDT'), row('never', 'FLATUSDT')],
    watched: 'watched',
    firing: { new: { count: 1 } },
  },
  'row removed': {
    stored: [pending('now', 'HIGHUSDT'), pending('never', 'FLATUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('never', 'FLATUSDT')],
    later: [row('never', 'FLATUSDT')],
    firing: { now: { count: 1, isOptional: true } },
  },
  'switched on': {
    stored: [switchedOff('switched')],
    rows: [row('switched', 'HIGHUSDT', false)],
    later: [row('switched', 'HIGHUSDT')],
    firing: { switched: { count: 2 } },
  },
  'switched off': {
    stored: twoStored,
    rows: twoRows,
    later: [row('now', 'HIGHUSDT', false), row('between', 'SPIKEUSDT', false)],
    firing: { now: { count: 1, isOptional: true }, between: { count: 1, isOptional: true } },
  },
  'two channels': {
    stored: twoStored,
    rows: twoRows,
    channels: ['pushover', 'telegram'],
    firing: bothFire,
  },
  /** What a dead run had under way on three channels, and what all three had refused. */
  'three channels': {
    stored: [
      notifying('dead', {
        claimedAt: begunAt - 5 * minuteMs,
        leaseUntil: begunAt - minuteMs,
        channels: ['pushover', 'telegram', 'ntfy'].map(newChannel),
      }),
      notifying('refused', {
        ...deferred,
        channels: ['pushover', 'telegram', 'ntfy'].map((channel) => ({
          ...newChannel(channel),
          state: 'refused' as const,
          nextAttemptAt: begunAt - minuteMs,
        })),
      }),
    ],
    rows: ['dead', 'refused'].map((id) => row(id, 'FLATUSDT')),
    channels: ['pushover', 'telegram', 'ntfy'],
    firing: { dead: { count: 1, isUnsure: true }, refused: { count: 1 } },
  },
  ...repeatingScenes,
  ...stormScenes,
  ...fanOutScenes,
  're-sorted': {
    stored: threeStored,
    rows: threeRows,
    later: [row('never', 'FLATUSDT'), row('between', 'SPIKEUSDT', true, 'sell half'), row('now', 'HIGHUSDT')],
    firing: bothFire,
  },
  emptied: {
    stored: threeStored,
    rows: threeRows,
    later: [],
    inTheEnd: threeRows,
    firing: bothFire,
  },
};

/** Two minutes, where a scene does not say how long. */
export const scenes: Readonly<Record<string, Scene>> = Object.fromEntries(
  Object.entries(patientScenes).map(([name, scene]) => [name, { remainingMs: patient, ...scene }]),
);

/** It fired once, and then the trader switched it off. */
function switchedOff(id: string): WaitingAlert {
  const fired = { active: false, triggeredAt: at('11:10'), triggeredCount: 1 };
  return { ...pending(id, 'HIGHUSDT', fired), status: 'triggered' };
}

function withoutStatus({ status: _, ...alert }: WaitingAlert): Omit<WaitingAlert, 'status'> {
  return alert;
}
