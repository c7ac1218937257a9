import { Big } from 'big.js';
import { conditionOf } from '../../src/domain/conditions/registry.js';
import type { Repeat } from '../../src/domain/fields/repeat.js';
import { price } from '../../src/domain/price.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { begunAt, notifying, patient, pending, rowOf, type Scene } from './scene.js';

const after = (text: string, afterMs: number, back?: string): Repeat => ({
  text,
  afterMs,
  back: back === undefined ? undefined : { share: new Big(back) },
});

const [always, minutely, hourly] = [after('always', 0), after('1m', minuteMs), after('1h', hourMs)];
const returning = after('back', 0, '0');

const upwards = { kind: 'crosses up', target: price('95000') } as const;
const fall = conditionOf('falls from high', '1%');
if (!fall.ok) throw new Error(fall.error);

/** Half an hour and an hour and a half after the first: too soon for what waits an hour, and not. */
const again = [30 * minuteMs, 95 * minuteMs];

function repeating(stored: Scene['stored'], more: Partial<Scene> = {}): Scene {
  const firing = Object.fromEntries(
    stored.map(({ id, status }) => [id, status === 'notifying' ? { isUnsure: true } : {}]),
  );
  return { stored, rows: stored.map(rowOf), firing, again, remainingMs: patient, ...more };
}

/** Alerts that are armed again by their commits, and fire several times while the price goes up and down. */
export const repeatingScenes: Readonly<Record<string, Scene>> = {
  /** True all the time. */
  reminding: repeating([
    pending('always', 'HIGHUSDT', { repeat: always }),
    pending('hourly', 'HIGHUSDT', { repeat: hourly }),
    notifying(
      'dead',
      { claimedAt: begunAt - 5 * minuteMs, leaseUntil: begunAt - minuteMs },
      { repeat: minutely, symbol: 'HIGHUSDT' },
    ),
  ]),
  /** Once for each time that the price has been back; the price is never so far back, or never at all, for two of them. */
  returning: repeating([
    pending('back', 'WAVEUSDT', { repeat: returning }),
    pending('hour-and-back', 'WAVEUSDT', { repeat: after('1h back 0.5%', hourMs, '0.005') }),
    pending('far-back', 'WAVEUSDT', { repeat: after('back 2%', 0, '0.02') }),
    pending('never-back', 'HIGHUSDT', { repeat: returning }),
  ]),
  /** What is kept on the item from check to check begins anew at each fire. */
  'repeating with memory': repeating([
    pending('crossing', 'WAVEUSDT', { condition: upwards, repeat: always }),
    pending('trail', 'WAVEUSDT', { condition: fall.value, repeat: always }),
  ]),
  'repeating on two channels': repeating(
    [
      pending('minutely', 'HIGHUSDT', { repeat: minutely }),
      pending('back', 'WAVEUSDT', { repeat: after('1m back', minuteMs, '0') }),
    ],
    { channels: ['pushover', 'telegram'] },
  ),
};
