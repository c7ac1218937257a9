import { between, beyond } from '../evidence/zone.js';
import { backOutside } from './back.js';
import { bandReading } from './band.js';
import { passing } from './passing.js';

/** From outside the band into it. */
export const enters = {
  ...passing(bandReading(['enters', 'входит']), ['in'], ({ bounds }) => [
    { name: 'in', from: beyond(bounds), to: between(bounds) },
  ]),
  back: backOutside,
};
