import { describe } from '@jest/globals';
import { exchanges } from '../../../src/adapters/exchanges/registry.js';
import { exchangeContract } from './contract.js';

describe.each(Object.values(exchanges).map((exchange) => [exchange.name, exchange] as const))('%s', (_name, exchange) =>
  exchangeContract(exchange),
);
