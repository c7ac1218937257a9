import { beyond } from '../evidence/zone.js';
import { backInside } from './back.js';
import { bandReading } from './band.js';
import { lyingIn } from './lying-in.js';

/** A price strictly outside the band. */
export const outside = {
  ...lyingIn(bandReading(['outside', 'вне']), ({ bounds }) => beyond(bounds)),
  back: backInside,
};
