import { crossing } from './crossing.js';

export const crosses = crossing(['crosses', 'пересекает'], ['up', 'down']);
