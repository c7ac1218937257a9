import { newChannel } from '../../src/domain/delivery/channel.js';
import { minuteMs } from '../../src/domain/time.js';
import { at } from '../support/builders.js';
import { hamperedScenes } from './hampered-scenes.js';
import { claimed, each, idsOf, ringOf, symbolOf } from './rung.js';
import { begunAt, dead, notifying, patient, pending, row, rowOf, type Scene } from './scene.js';

const [a, b] = [notifying('a', claimed), notifying('b', claimed)];
const both = [ringOf('a'), ringOf('b')];
const bothRows = [row('a', 'FLATUSDT'), row('b', 'FLATUSDT')];
const bothFire = { a: { count: 1 }, b: { count: 1 } };
const rung = (more: Partial<Scene> = {}): Scene => ({
  stored: [a, b],
  rung: both,
  rows: bothRows,
  firing: bothFire,
  remainingMs: patient,
  ...more,
});

const rowsOf = (ids: readonly string[]) => ids.map((id) => row(id, 'FLATUSDT'));
const many = idsOf('r', 12);
const fires = idsOf('f', 22);

const fired = {
  ...pending('done', 'FLATUSDT'),
  status: 'triggered' as const,
  triggeredAt: at('11:10'),
  triggeredCount: 1,
};
const wave = notifying('wave', claimed, {
  symbol: 'WAVEUSDT',
  repeat: { text: 'always', afterMs: 0, back: undefined },
});

/** What checks have left to workers, and what these find. */
export const fanOutScenes: Readonly<Record<string, Scene>> = {
  /** Two that were rung for, and one that fires now. */
  rung: rung({
    stored: [a, b, pending('now', 'HIGHUSDT')],
    rows: [...bothRows, row('now', 'HIGHUSDT')],
    firing: { ...bothFire, now: { count: 1 } },
  }),
  'rung twice': rung({ rung: [...both, ...both.toReversed()] }),
  /** One waits for a later time, one is held by a run that may live, one was left by a run that died. */
  'rung and not free': rung({
    stored: [
      notifying('waits', { leaseUntil: undefined, nextAttemptAt: begunAt + minuteMs, lastError: 'refused' }),
      notifying('held', { claimedAt: begunAt - 2 * minuteMs, leaseUntil: begunAt + minuteMs }),
      notifying('left', dead),
    ],
    rung: ['waits', 'held', 'left'].map((id) => ringOf(id)),
    rows: rowsOf(['waits', 'held', 'left']),
    firing: { waits: { count: 1 }, held: { count: 1, isUnsure: true }, left: { count: 1, isUnsure: true } },
  }),
  /** No worker could do anything about them for so long that they were set aside, and they still wait to be told. */
  'rung in vain': rung({ rung: [], setAside: [...both, ...both] }),
  /** Of what has fired, of an earlier fire, of nothing at all, of another version, and of no sense. */
  'rung for nothing': rung({
    stored: [a, fired, pending('now', 'HIGHUSDT')],
    rung: [ringOf('done'), ringOf('a', 'an-earlier-fire'), ringOf('unknown'), '{"v":2}', 'nonsense'],
    rows: [row('a', 'FLATUSDT'), row('done', 'FLATUSDT'), row('now', 'HIGHUSDT')],
    firing: { a: { count: 1 }, done: { count: 1, isOptional: true }, now: { count: 1 } },
  }),
  'rung on two channels': rung({
    stored: ['a', 'b'].map((id) => notifying(id, { ...claimed, channels: ['pushover', 'telegram'].map(newChannel) })),
    channels: ['pushover', 'telegram'],
  }),
  'rung and repeating': rung({
    stored: [wave],
    rung: [ringOf('wave'), ringOf('wave')],
    rows: [rowOf(wave)],
    again: [15 * minuteMs],
    firing: { wave: {} },
  }),
  /** Rows are switched off and taken away while their alerts wait to be told. */
  'rung and edited': rung({
    later: [row('a', 'FLATUSDT', false)],
    firing: { a: { count: 1, isOptional: true }, b: { count: 1, isOptional: true } },
  }),
  /** More than a check tells by itself. */
  'many rung': rung({
    stored: many.map((id) => notifying(id, claimed)),
    rung: many.map((id) => ringOf(id)),
    rows: rowsOf(many),
    firing: each(many),
    calls: 40,
  }),
  /** Their rings are lost. */
  'many claimed': rung({
    stored: many.map((id) => notifying(id, claimed)),
    rung: [],
    rows: rowsOf(many),
    firing: each(many),
    calls: 30,
  }),
  'many fires': rung({
    stored: fires.map((id, index) => pending(id, symbolOf(index))),
    rung: [],
    rows: fires.map((id, index) => row(id, symbolOf(index))),
    firing: each(fires),
    calls: 60,
  }),
  ...hamperedScenes,
};
