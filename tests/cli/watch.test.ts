import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { openTestLaptop } from '../support/laptop.js';
import { oneForEach } from '../support/lifetime.js';

const laptop = oneForEach(openTestLaptop);
beforeEach(async () => {
  await laptop.write('alerts.csv', 'symbol,condition,price\nBTCUSDT,above,99000\n');
});

/** The pause between two checks passes at once; shorter ones stay. */
const noPause = `
  import timers from 'node:timers';
  import promises from 'node:timers/promises';
  import { syncBuiltinESMExports } from 'node:module';
  const short = (ms) => (ms > 9000 && ms <= 10000 ? 1 : ms);
  const [setTimer, pause] = [globalThis.setTimeout, promises.setTimeout];
  globalThis.setTimeout = timers.setTimeout = (run, ms, ...rest) => setTimer(run, short(ms), ...rest);
  promises.setTimeout = (ms, ...rest) => pause(short(ms), ...rest);
  syncBuiltinESMExports();
`;

const checksIn = (text: string): number => text.split('Check of ').length - 1;
const failure = /^DynamoDB did not .*\(no\) after 1 attempt; the next check tries again$/m;

test('forty checks of one watch leave nothing behind that Node would warn of', async () => {
  await laptop.write('no-pause.mjs', noPause);
  const watch = laptop.start(['check', '--watch', '10s'], 'no-pause.mjs');
  await watch.until(({ stdout }) => checksIn(stdout) >= 40);
  watch.child.kill('SIGINT');
  expect(await watch.ended).toMatchObject({ code: 0, stderr: '' });
});

test('a check that the store fails is told, and the next one is made all the same', async () => {
  await laptop.write(
    'failing-store.mjs',
    `${noPause}
    import { existsSync } from 'node:fs';
    import { Server } from 'node:http';
    const { emit } = Server.prototype;
    Server.prototype.emit = function (event, request, response) {
      const fails = event === 'request' && existsSync('store-fails');
      if (!fails) return Reflect.apply(emit, this, arguments);
      request.resume();
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ValidationException', message: 'no' }));
      return true;
    };`,
  );
  const watch = laptop.start(['check', '--watch', '10s'], 'failing-store.mjs');
  await watch.until(({ stdout }) => checksIn(stdout) > 0);
  await laptop.write('store-fails', '');
  let before = 0;
  await watch.until(({ stdout, stderr }) => {
    before = checksIn(stdout);
    return failure.test(stderr);
  });
  await rm(join(laptop.folder, 'store-fails'));
  await watch.until(({ stdout }) => checksIn(stdout) > before);
  watch.child.kill('SIGINT');
  const { code, stderr } = await watch.ended;
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/^ +at /m);
});

test('list asks the watch that runs in the folder', async () => {
  const watch = laptop.start(['check', '--watch', '1h']);
  await watch.until(({ stdout }) => stdout.includes('Alerts   1 pending'));
  const list = await laptop.run('list');
  expect(list).toMatchObject({ code: 0, stderr: '' });
  expect(list.stdout).toMatch(/pending +BTCUSDT above 99000/);
  expect(await laptop.run('check')).toMatchObject({
    code: 1,
    stderr: 'another trading-alerts is using .trading-alerts; stop it or use another folder\n',
  });
  watch.child.kill('SIGKILL');
  await watch.ended;
  expect((await laptop.run('list')).stdout).toBe(list.stdout);
});
