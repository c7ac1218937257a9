import { atLeast, atMost, strictlyAbove, strictlyBelow } from '../evidence/zone.js';
import type { Price } from '../price.js';
import { backFromEither, backOfLevel } from './back.js';
import type { ConditionKind, Words } from './kind.js';
import { levelReading } from './level.js';
import { type NamedPassage, passing, type Ready } from './passing.js';

const passageTo: Readonly<Record<'up' | 'down', (level: Price) => NamedPassage>> = {
  up: (level) => ({ name: 'up', from: strictlyBelow(level), to: atLeast(level) }),
  down: (level) => ({ name: 'down', from: strictlyAbove(level), to: atMost(level) }),
};

/** From strictly on one side of the level to the other or onto it. */
export const crossing = (
  words: Words['words'],
  directions: readonly ('up' | 'down')[],
): ConditionKind<Price, Ready> => {
  const only = directions.length === 1 ? directions[0] : undefined;
  return {
    ...passing(levelReading(words), directions, (level) => directions.map((direction) => passageTo[direction](level))),
    direction: only,
    back: only === undefined ? backFromEither : backOfLevel[only],
  };
};
