import { expect, test } from '@jest/globals';
import { paced } from '../../../src/adapters/exchanges/paced.js';
import { ok } from '../../../src/domain/result.js';

/** When each request begins, if one is asked for every `betweenMs`; the first ten that wait go on `lateMs` after their moment. */
async function begin(count: number, perSecond: number, betweenMs = 0, lateMs = 0): Promise<number[]> {
  let now = 0;
  const begun: number[] = [];
  let waits: { until: number; go: () => void }[] = [];
  let late = 0;
  const pause = (ms: number) =>
    new Promise<void>((go) => {
      late += 1;
      waits.push({ until: now + ms + (late <= 10 ? lateMs : 0), go });
    });
  const get = paced(
    async () => {
      begun.push(now);
      return ok({ status: 200, headers: new Headers(), text: '' });
    },
    perSecond,
    { now: () => now, pause },
  );
  async function passTo(instant: number): Promise<void> {
    for (;;) {
      // Whatever can begin does so before time goes on.
      await new Promise(setImmediate);
      const [first] = waits.filter(({ until }) => until <= instant).sort((one, other) => one.until - other.until);
      if (first === undefined) break;
      waits = waits.filter((wait) => wait !== first);
      now = first.until;
      first.go();
    }
    now = instant;
  }
  for (let request = 0; request < count; request += 1) {
    await passTo(request * betweenMs);
    void get(new URL('http://127.0.0.1/'));
  }
  await passTo(1_000_000);
  return begun;
}

test('as many requests as a second allows begin at once', async () => {
  expect(await begin(3, 3)).toEqual([0, 0, 0]);
});

test('the next ones begin a second after those before them', async () => {
  expect(await begin(7, 3)).toEqual([0, 0, 0, 1_000, 1_000, 1_000, 2_000]);
});

test('requests that come slowly do not wait', async () => {
  expect(await begin(6, 3, 400)).toEqual([0, 400, 800, 1_200, 1_600, 2_000]);
});

test('no second sees more of them, however they come', async () => {
  const begun = await begin(40, 10, 30);
  expect(begun).toHaveLength(40);
  for (const [index, instant] of begun.entries()) {
    const tenth = begun[index + 10];
    if (tenth !== undefined) expect(tenth - instant).toBeGreaterThanOrEqual(1_000);
  }
});

test('a process that comes late to its requests does not make up for it', async () => {
  const begun = await begin(40, 10, 0, 400);
  expect(begun).toHaveLength(40);
  for (const [index, instant] of begun.entries()) {
    const tenth = begun[index + 10];
    if (tenth !== undefined) expect(tenth - instant).toBeGreaterThanOrEqual(1_000);
  }
});
