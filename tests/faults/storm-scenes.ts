import type { Delivery } from '../../src/domain/alert.js';
import { newChannel } from '../../src/domain/delivery/channel.js';
import { each, idsOf, symbolOf } from './rung.js';
import { dead, deferred, hurried, notifying, patient, pending, row, type Scene } from './scene.js';

const fire = (count: number) => idsOf('f', count).map((id, index) => pending(id, symbolOf(index)));
const firingRows = (count: number) => idsOf('f', count).map((id, index) => row(id, symbolOf(index)));
const storm = (count: number, more: Partial<Scene> = {}): Scene => ({
  stored: fire(count),
  rows: firingRows(count),
  firing: each(idsOf('f', count)),
  remainingMs: patient,
  calls: 3 * count,
  ...more,
});
const left = (names: readonly string[], overrides: Partial<Delivery>) => names.map((id) => notifying(id, overrides));
const [died, waited] = [idsOf('d', 7), idsOf('w', 4)];
const leftRows = [...died, ...waited].map((id) => row(id, 'FLATUSDT'));
const threeChannels = ['pushover', 'telegram', 'ntfy'];

/** More alerts of one user in a run than go one by one. */
export const stormScenes: Readonly<Record<string, Scene>> = {
  storm: storm(8),
  'large storm': storm(30),
  'storm without time': storm(14, { remainingMs: hurried }),
  'storm on two channels': storm(9, { channels: ['pushover', 'telegram'] }),
  /** Seven of a run that died, four that were refused, and eight more. */
  'storm left behind': storm(8, {
    stored: [...left(died, dead), ...left(waited, deferred), ...fire(8)],
    rows: [...leftRows, ...firingRows(8)],
    firing: { ...each(died, true), ...each(waited), ...each(idsOf('f', 8)) },
    calls: 50,
  }),
  'storm left behind on three channels': storm(6, {
    stored: [...left(died, { ...dead, channels: threeChannels.map(newChannel) }), ...fire(6)],
    rows: [...leftRows.slice(0, died.length), ...firingRows(6)],
    channels: threeChannels,
    firing: { ...each(died, true), ...each(idsOf('f', 6)) },
    calls: 60,
  }),
  /** Rows of the storm are switched off and taken away meanwhile. */
  'storm edited': storm(8, {
    later: idsOf('f', 6).map((id, index) => row(id, symbolOf(index), index > 2)),
    firing: Object.fromEntries(
      idsOf('f', 8).map((id, index) => [id, { count: 1, ...((index <= 2 || index > 5) && { isOptional: true }) }]),
    ),
  }),
};
