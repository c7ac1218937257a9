import type { Hono } from 'hono';
import type { SimulatorEnv, Traffic } from './faults.js';
import type { SimulatedMarket } from './market.js';

/** What stands in for each host of an exchange, by the environment variable that leads there. */
export type ExchangeHosts = Readonly<Record<string, (market: SimulatedMarket, traffic: Traffic) => Hono<SimulatorEnv>>>;
