import { crossing } from './crossing.js';

export const crossesDown = crossing(['crosses down', 'пересекает вниз'], ['down']);
