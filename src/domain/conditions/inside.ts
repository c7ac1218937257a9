import { between } from '../evidence/zone.js';
import { backOutside } from './back.js';
import { bandReading } from './band.js';
import { lyingIn } from './lying-in.js';

/** A price in the band. A jump from one side of it to the other proves none. */
export const inside = {
  ...lyingIn(bandReading(['inside', 'внутри']), ({ bounds }) => between(bounds)),
  back: backOutside,
};
