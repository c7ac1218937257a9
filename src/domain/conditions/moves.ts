import { lookBack } from './look-back.js';

export const moves = lookBack({ words: ['moves', 'движется'], example: '5% in 1h' }, ['up', 'down']);
