import { atMost } from '../evidence/zone.js';
import { backOfLevel } from './back.js';
import { levelReading } from './level.js';
import { lyingIn } from './lying-in.js';

/** A price at the level or under it. */
export const below = {
  ...lyingIn(levelReading(['below', '<', '<=', '≤', 'ниже']), atMost),
  direction: 'down' as const,
  back: backOfLevel.down,
};
