import { expect, test } from '@jest/globals';
import { createCircuitBreaker } from '../../src/flows/circuit-breaker.js';
import type { HostState } from '../../src/flows/ports/price-source.js';

const failed: HostState = { failure: 'HTTP 500' };

function stage() {
  const breaker = createCircuitBreaker();
  const begin = (host: string, times = 1) => Array.from({ length: times }, () => breaker.admit(host));
  const end = (host: string, ...states: readonly HostState[]) => {
    for (const state of states) breaker.end(host, state);
  };
  return { breaker, begin, end };
}

const go = (times: number) => Array(times).fill('go');

test('three failures in a row open the circuit of a host, until the end of the run', () => {
  const { breaker, begin, end } = stage();
  begin('host', 4);
  end('host', failed, failed);
  expect(breaker.openedBy('host')).toBeUndefined();
  end('host', failed);
  expect(breaker.openedBy('host')).toBe('HTTP 500');
  end('host', 'well');
  expect(begin('host')).toEqual(['leave']);
});

test('an answer in between starts the count anew; what is sent again does not count', () => {
  const { breaker, begin, end } = stage();
  begin('host', 7);
  end('host', failed, failed, 'well', failed, 'unsure', failed, 'unsure');
  expect(breaker.openedBy('host')).toBeUndefined();
});

test('while nothing fails any number may be under way', () => {
  const { begin } = stage();
  expect(begin('host', 100)).toEqual(go(100));
});

test('after a failure no more go out than it takes to open the circuit', () => {
  const { begin, end } = stage();
  begin('host');
  end('host', failed);
  expect(begin('host', 4)).toEqual(['go', 'go', 'wait', 'wait']);
  end('host', failed);
  expect(begin('host')).toEqual(['wait']);
  end('host', 'well');
  expect(begin('host', 9)).toEqual(go(9));
});

test('a stand-in is tried by three at first, and by all when it answers', () => {
  const { begin, end } = stage();
  begin('host', 10);
  end('host', failed, failed, failed);
  expect(begin('host')).toEqual(['leave']);
  expect(begin('stand-in', 4)).toEqual(['go', 'go', 'go', 'wait']);
  end('stand-in', 'well');
  expect(begin('stand-in', 9)).toEqual(go(9));
});
