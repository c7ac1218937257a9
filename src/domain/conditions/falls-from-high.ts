import { trail } from './trail.js';

export const fallsFromHigh = trail({ words: ['falls from high', 'откат'], example: '3%' }, 'down');
