import { onFunding } from './funding.js';

export const fundingAbove = onFunding(['funding above', 'фандинг выше'], '0.05%', 'up');
