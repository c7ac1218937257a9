import { expect, test } from '@jest/globals';
import { readRingBody, ringBody } from '../../../src/domain/delivery/ring-body.js';

const expected = 'expected {"v":1,"id":"…","fireId":"…"}';

test.each(['row-1', 'Скальп 🚀', 'a\u0007b\uffff"\\', '\ud800'])('%j comes through, in plain ASCII', (alertId) => {
  const body = ringBody({ alertId, fireId: 'f-1' });
  expect(body).toMatch(/^[ -~]+$/);
  expect(readRingBody(body)).toEqual({ ok: true, value: { alertId, fireId: 'f-1' } });
});

test('holds the version, the alert and its fire, and nothing else', () => {
  expect(ringBody({ alertId: 'row-1', fireId: 'f-1', user: 'anna' } as never)).toBe(
    '{"v":1,"id":"row-1","fireId":"f-1"}',
  );
});

test('holds what is rung for beside it, as far as there is room', () => {
  const rung = { alertId: 'row-1', fireId: 'f-1' };
  expect(ringBody({ ...rung, beside: ['row-2', 'ж'] })).toBe(
    '{"v":1,"id":"row-1","fireId":"f-1","beside":["row-2","\\u0436"]}',
  );
  expect(readRingBody(ringBody({ ...rung, beside: ['row-2'] }))).toEqual({
    ok: true,
    value: { ...rung, beside: ['row-2'] },
  });
  expect(ringBody({ ...rung, beside: [] })).toBe(ringBody(rung));
  const long = Array.from({ length: 50 }, (_, index) => `${index}${'ж'.repeat(300)}`);
  expect(ringBody({ ...rung, beside: long }).length).toBeLessThan(8_100);
});

test.each<[unknown, string]>([
  [undefined, `${expected}, got a body that is no JSON`],
  ['hello', `${expected}, got a body that is no JSON`],
  ['{"v":2,"ids":["a"]}', `${expected}, got version 2: another version of this program rang`],
  ['{"v":"1","id":"a","fireId":"b"}', `${expected}, got version "1": another version of this program rang`],
  [
    `{"v":"${'x'.repeat(1_000_000)}"}`,
    `${expected}, got version "${'x'.repeat(38)}…: another version of this program rang`,
  ],
  ['{"v":1,"id":"","fireId":7}', `${expected}; wrong or missing: id, fireId`],
  ['{"id":"a","fireId":"b"}', `${expected}; wrong or missing: v`],
  ['{"v":1,"id":"a","fireId":"b","beside":["c",7]}', `${expected}; wrong or missing: beside.1`],
  ['[]', `${expected}; wrong or missing: v, id, fireId`],
  ['null', `${expected}; wrong or missing: the body`],
])('%.60j is refused with what was expected', (body, error) => {
  expect(readRingBody(body)).toEqual({ ok: false, error });
});
