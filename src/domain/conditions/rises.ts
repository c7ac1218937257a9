import { lookBack } from './look-back.js';

export const rises = lookBack({ words: ['rises', 'растет'], example: '5% in 1h' }, ['up']);
