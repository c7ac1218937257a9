import { trail } from './trail.js';

export const risesFromLow = trail({ words: ['rises from low', 'отскок'], example: '3%' }, 'up');
