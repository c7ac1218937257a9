import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Cell } from '../../src/domain/columns.js';
import { oneForEach } from '../support/lifetime.js';
import { runProgram } from '../support/program.js';
import { runHere } from '../support/run-here.js';
import { createWorld, minuteMs } from '../support/world.js';

/** The commands have the machine's own clock, so the checks lie a few hours before it. */
const hoursAgo = () => Date.now() - 4 * 60 * minuteMs;
const world = oneForEach(() => createWorld({ DYNAMODB_TABLE_NAME: 'deployed' }, hoursAgo()));
const table = ['--region', 'eu-central-1', '--table', 'deployed'];
const folder = '/';

/** As its owner has it: the table is named by the command. */
const environment = () => ({ ...world.environment, PATH: process.env.PATH, DYNAMODB_TABLE_NAME: undefined });
const run = (...words: string[]) => runHere([...words, ...table], { folder, environment: environment() });
const why = async (target: string) => (await run('why', target)).stdout;

const columns = ['id', 'symbol', 'condition', 'price', 'exchange', 'repeat', 'expires'];
const write = (...rows: (readonly Cell[])[]) =>
  world.simulators.google.tabs.set('Alerts', [[...columns], ...rows.map((row) => [...row])]);

/** The next one, so many minutes later. */
async function check(minutes = 5) {
  world.pass(minutes * minuteMs);
  return world.check();
}

beforeEach(() => {
  const { market } = world.simulators;
  market.list('binance', 'BTCUSDT', { price: '94000.00' });
  market.list('binance', 'BTCUSDT.P', { price: '94000.00' });
  market.setFunding('binance', 'BTCUSDT.P', '0.00020000');
});

test('a deployed table is asked as its owner does, by the built program', async () => {
  write(['a', 'BTCUSDT', 'above', 93000, 'binance'], ['b', 'BTCUSDT', 'above', 95000, 'binance']);
  await check();
  const told = await runProgram(['why', '3', ...table], { folder, environment: environment() });
  expect(told).toMatchObject({ code: 0, stderr: '' });
  expect(told.stdout).toContain('BTCUSDT above 95000 (row 3, id b, of default)\nIt is armed since ');
  const { stdout } = await runProgram(['history', ...table, '--json'], { folder, environment: environment() });
  const records = JSON.parse(stdout) as { what: string; alertId: string }[];
  expect(records.map(({ what, alertId }) => `${what} ${alertId}`).toSorted()).toEqual([
    'created a',
    'created b',
    'fired a',
  ]);
  const words = ['why', 'b', '--region', 'eu-central-1', '--table', 'another'];
  const other = await runHere(words, { folder, environment: environment() });
  expect(other).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('another') });
});

describe('why', () => {
  test('of the funding tells the rate, how far it is, and the fire', async () => {
    write(
      ['far', 'BTCUSDT.P', 'funding above', '0.05%', 'binance'],
      ['met', 'BTCUSDT.P', 'funding above', '0.01%', 'binance', 'back'],
    );
    await check();
    const far = await why('far');
    expect(far).toMatch(/binance:BTCUSDT\.P has a funding of .*0\.02 %.* at .*; the target is 0\.03 points away\.\n/);
    expect(far).toContain('It stays silent: its condition was not met in that time.');
    const met = await why('met');
    expect(met).toContain('It has fired, and is armed again when the price was back on the other side.');
    expect(met).toContain('It stays silent: the price was not yet on the other side.');
    world.simulators.market.setFunding('binance', 'BTCUSDT.P', '0.00050000');
    expect(await why('far')).toContain('The next check fires it: ');
  });

  test('of an alert that is over says since when, and asks for no candle', async () => {
    write(['a', 'BTCUSDT', 'above', 95000, 'binance', '', '1h']);
    await check();
    await check(61);
    // What was traded until then may come late.
    await check(15);
    const told = await why('a');
    expect(told).toMatch(/\nIt is over since .*; write a later date into expires to arm it afresh\.\n/);
    expect(told).not.toMatch(/The next check|stays silent|Candles/);
    const { stdout } = await run('history', '--alert', 'a', '--json');
    expect((JSON.parse(stdout) as { what: string }[]).map(({ what }) => what)).toEqual(['created', 'over']);
  });

  test('of a fire that no channel has accepted yet says why, and when it is tried again', async () => {
    world.simulators.traffic.pushover.fault = () => ({ outcome: { status: 500, body: { status: 0 } } });
    write(['a', 'BTCUSDT', 'above', 93000, 'binance']);
    await check();
    const told = await why('2');
    expect(told).toContain('\nIt has fired: touched 94000.00 at ');
    expect(told).toMatch(
      /\npushover has not accepted it yet: Pushover answered HTTP 500.*; tried again from .* on; the next message says that it may be a repeat\.\n/,
    );
    expect(JSON.parse((await run('why', 'a', '--json')).stdout)).toMatchObject({ status: 'notifying' });
  });
});

describe('history', () => {
  test('names the channels of each fire, and what each answered', async () => {
    write(['a', 'BTCUSDT', 'above', 93000, 'binance'], ['b', 'BTCUSDT', 'above', 93500, 'binance']);
    await check();
    write(['a', 'BTCUSDT', 'above', 93000, 'binance']);
    await check();
    const { code, stdout, stderr } = await run('history', '--since', '1d');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n').slice(1);
    expect(lines.filter((line) => line.includes(' fired '))).toHaveLength(2);
    expect(lines.every((line) => !line.includes(' fired ') || line.endsWith('; pushover accepted'))).toBe(true);
    expect((await run('history', '--since', '30m')).stdout).toBe('Nothing happened in that time.\n');
  });
});
