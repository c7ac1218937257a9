import { lookBack } from './look-back.js';

export const falls = lookBack({ words: ['falls', 'падает'], example: '5% in 1h' }, ['down']);
