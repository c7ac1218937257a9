import { atLeast } from '../evidence/zone.js';
import { backOfLevel } from './back.js';
import { levelReading } from './level.js';
import { lyingIn } from './lying-in.js';

/** A price at the level or over it. */
export const above = {
  ...lyingIn(levelReading(['above', '>', '>=', '≥', 'выше']), atLeast),
  direction: 'up' as const,
  back: backOfLevel.up,
};
