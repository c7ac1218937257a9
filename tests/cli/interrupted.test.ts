import { beforeEach, describe, expect, test } from '@jest/globals';
import { openTestLaptop } from '../support/laptop.js';
import { oneForEach } from '../support/lifetime.js';

const laptop = oneForEach(openTestLaptop);
beforeEach(async () => {
  await laptop.write('alerts.csv', 'symbol,condition,price\nBTCUSDT,above,99000\n');
});

describe('the first Ctrl-C ends', () => {
  test.each([
    { command: 'price', words: ['price', 'BTCUSDT'] },
    { command: 'replay', words: ['replay', '--alerts', 'alerts.csv', '--symbol', 'BTCUSDT'] },
    { command: 'doctor', words: ['doctor'] },
  ])('$command', async ({ words }) => {
    const asked = new Promise<void>((resolve) => {
      laptop.simulators.traffic.binance.fault = () => {
        resolve();
        return { outcome: 'hang' };
      };
    });
    const running = laptop.start(words);
    await asked;
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: null, signal: 'SIGINT' });
  });
});

describe('who reads the answer may go, as head -1 does', () => {
  test.each([['list'], ['check']])('%s says nothing of it', async (command) => {
    await laptop.run('check');
    const running = laptop.start([command]);
    running.child.stdout.destroy();
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  test('a watch ends then: nobody hears it', async () => {
    const running = laptop.start(['check', '--watch', '1h']);
    running.child.stdout.destroy();
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });
});

test.each(['debug', 'DEBUG'])('LOG_LEVEL=%s says of each alert why it stays silent', async (LOG_LEVEL) => {
  laptop.environment.LOG_LEVEL = LOG_LEVEL;
  expect((await laptop.run('check')).stderr).toMatch(/^silent \{"alertId":".*","symbol":"BTCUSDT","reason":".*"\}\n$/);
});
