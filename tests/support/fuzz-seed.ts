import { configureGlobal } from 'fast-check';
import { seedsOf } from './seeds.js';

// By itself fast-check draws a new seed for each property of each run.
const [seed = 0] = seedsOf('FUZZ_SEED');
configureGlobal({ seed });
