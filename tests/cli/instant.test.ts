import { expect, test } from '@jest/globals';
import { readInstant } from '../../src/cli/instant.js';

const iso = (text: string): string | undefined => {
  const instant = readInstant(text);
  return instant === undefined ? undefined : new Date(instant).toISOString();
};

test.each([
  { text: '2023-03-01 14:05', is: '2023-03-01T14:05:00.000Z' },
  { text: '2023-03-01 14:05:30', is: '2023-03-01T14:05:30.000Z' },
  { text: '2023-03-01 00:00:00+00:00', is: '2023-03-01T00:00:00.000Z' },
  { text: '2023-03-01 02:00:00+02:00', is: '2023-03-01T00:00:00.000Z' },
  { text: '2023-03-01T02:00:00+0200', is: '2023-03-01T00:00:00.000Z' },
  { text: '2023-03-01T14:05:30.250Z', is: '2023-03-01T14:05:30.250Z' },
  { text: '2023-03-01', is: '2023-03-01T00:00:00.000Z' },
  { text: '2024-02-29', is: '2024-02-29T00:00:00.000Z' },
  { text: '1677679500', is: '2023-03-01T14:05:00.000Z' },
  { text: '1677679500250', is: '2023-03-01T14:05:00.250Z' },
])('$text is $is', ({ text, is }) => expect(iso(text)).toBe(is));

test.each([
  { text: '', why: 'it is empty' },
  { text: 'yesterday', why: 'it is a word' },
  { text: '01.03.2023', why: 'it may be January or March' },
  { text: '2023-02-30', why: 'there is no such day' },
  { text: '2023-02-29 10:00', why: '2023 is no leap year' },
  { text: '2023-13-01', why: 'there is no such month' },
  { text: '2023-03-01 25:00', why: 'there is no such hour' },
  { text: '2023-03-01 14', why: 'a time has minutes' },
  { text: '1677679500250000', why: 'microseconds are not read' },
  { text: '12', why: 'it is no time of this century' },
])('"$text" is no time: $why', ({ text }) => expect(readInstant(text)).toBeUndefined());
