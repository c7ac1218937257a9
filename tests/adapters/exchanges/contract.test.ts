import { describe } from '@jest/globals';
import { exchanges } from '../../../src/adapters/exchanges/registry.js';
import { exchangeContract } from './contract.js';

describe.each(Object.values(exchanges).map((exchange) => [exchange.name, exchange] as const))('%s', (_name, exchange) =>
  exchangeContract(exchange),
);

const withPerpetuals = Object.values(exchanges).filter(({ perpetuals }) => perpetuals !== undefined);

describe.each(withPerpetuals.map((exchange) => [exchange.name, exchange] as const))(
  'perpetuals of %s',
  (_name, exchange) => exchangeContract(exchange, 'perpetual'),
);
