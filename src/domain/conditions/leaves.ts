import { between, beyond } from '../evidence/zone.js';
import { backInside } from './back.js';
import { bandReading } from './band.js';
import { passing } from './passing.js';

/** From inside the band to strictly outside. */
export const leaves = {
  ...passing(bandReading(['leaves', 'выходит']), ['out'], ({ bounds }) => [
    { name: 'out', from: between(bounds), to: beyond(bounds) },
  ]),
  back: backInside,
};
