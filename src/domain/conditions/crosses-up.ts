import { crossing } from './crossing.js';

export const crossesUp = crossing(['crosses up', 'пересекает вверх'], ['up']);
