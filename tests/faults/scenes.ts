import type { WaitingAlert } from '../../src/domain/alert.js';
import { leaseMs } from '../../src/domain/delivery/backoff.js';
import { newChannel } from '../../src/domain/delivery/channel.js';
import { minuteMs } from '../../src/domain/time.js';
import { at, expiredAlert } from '../support/builders.js';
import { repeatingScenes } from './repeating-scenes.js';
import { begunAt, notifying, patient, pending, row, type Scene } from './scene.js';

const deferred = { leaseUntil: undefined, nextAttemptAt: begunAt - minuteMs };

export const scenes: Readonly<Record<string, Scene>> = {
  /** Touched now, and touched between two checks. */
  touched: {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT'), pending('never', 'FLATUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('never', 'FLATUSDT')],
    firing: { now: { count: 1 }, between: { count: 1 } },
    remainingMs: patient,
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
    remainingMs: patient,
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
    remainingMs: patient,
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
    remainingMs: 32_000,
  },
  'row added': {
    stored: [pending('never', 'FLATUSDT')],
    rows: [row('never', 'FLATUSDT')],
    later: [row('new', 'HIGHUSDT'), row('watched', 'FLATUSDT'), row('never', 'FLATUSDT')],
    watched: 'watched',
    firing: { new: { count: 1 } },
    remainingMs: patient,
  },
  'row removed': {
    stored: [pending('now', 'HIGHUSDT'), pending('never', 'FLATUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('never', 'FLATUSDT')],
    later: [row('never', 'FLATUSDT')],
    firing: { now: { count: 1, isOptional: true } },
    remainingMs: patient,
  },
  'switched on': {
    stored: [switchedOff('switched')],
    rows: [row('switched', 'HIGHUSDT', false)],
    later: [row('switched', 'HIGHUSDT')],
    firing: { switched: { count: 2 } },
    remainingMs: patient,
  },
  'switched off': {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT')],
    later: [row('now', 'HIGHUSDT', false), row('between', 'SPIKEUSDT', false)],
    firing: { now: { count: 1, isOptional: true }, between: { count: 1, isOptional: true } },
    remainingMs: patient,
  },
  'two channels': {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT')],
    channels: ['pushover', 'telegram'],
    firing: { now: { count: 1 }, between: { count: 1 } },
    remainingMs: patient,
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
    remainingMs: patient,
  },
  ...repeatingScenes,
  're-sorted': {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT'), pending('never', 'FLATUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('never', 'FLATUSDT')],
    later: [row('never', 'FLATUSDT'), row('between', 'SPIKEUSDT', true, 'sell half'), row('now', 'HIGHUSDT')],
    firing: { now: { count: 1 }, between: { count: 1 } },
    remainingMs: patient,
  },
  emptied: {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT'), pending('never', 'FLATUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('never', 'FLATUSDT')],
    later: [],
    inTheEnd: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('never', 'FLATUSDT')],
    firing: { now: { count: 1 }, between: { count: 1 } },
    remainingMs: patient,
  },
};

/** It fired once, and then the trader switched it off. */
function switchedOff(id: string): WaitingAlert {
  const fired = { active: false, triggeredAt: at('11:10'), triggeredCount: 1 };
  return { ...pending(id, 'HIGHUSDT', fired), status: 'triggered' };
}

function withoutStatus({ status: _, ...alert }: WaitingAlert): Omit<WaitingAlert, 'status'> {
  return alert;
}
