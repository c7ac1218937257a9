import { randomInt } from 'node:crypto';
import { print, tell } from '../../src/cli/print.js';
import { seedLimit } from '../support/seeds.js';
import { explore } from './explore.js';
import { readMinutes } from './minutes.js';
import { allParts } from './parts.js';
import { play } from './play.js';

/** `npm run test:explore -- --minutes 5`: the properties of `npm test`, from seeds that nobody has seen. */

const minutes = readMinutes(process.argv.slice(2));
if (!minutes.ok) {
  tell(minutes.error);
  process.exitCode = 2;
} else {
  const drawSeed = () => randomInt(seedLimit);
  const settings = { parts: allParts(), minutes: minutes.value, now: Date.now, drawSeed, play, tell, print };
  process.exitCode = (await explore(settings)).length > 0 ? 1 : 0;
}
