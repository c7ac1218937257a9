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
  ['[]', `${expected}; wrong or missing: v, id, fireId`],
  ['null', `${expected}; wrong or missing: the body`],
])('%.60j is refused with what was expected', (body, error) => {
  expect(readRingBody(body)).toEqual({ ok: false, error });
});
