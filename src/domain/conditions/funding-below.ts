import { onFunding } from './funding.js';

export const fundingBelow = onFunding(['funding below', 'фандинг ниже'], '-20% apr', 'down');
