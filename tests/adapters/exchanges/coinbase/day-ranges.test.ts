import { expect, test } from '@jest/globals';
import { exchange as coinbase } from '../../../../src/adapters/exchanges/coinbase/exchange.js';
import { serveExchange } from '../../../support/exchange-server.js';

const stats = (high: unknown, low: unknown) => ({
  stats_30day: { volume: '177144.23704693' },
  stats_24hour: { open: '84146.86', high, low, last: '84435.15', volume: '2398.12214278' },
});

async function ask(body: unknown) {
  const server = await serveExchange(coinbase, { '/products/stats': { body } });
  try {
    const result = await server.dayRanges?.();
    return { result, asked: server.asked.map(({ target }) => target) };
  } finally {
    await server.close();
  }
}

test.each<{ name: string; entry: unknown }>([
  { name: 'without the day', entry: { stats_30day: { volume: '1' } } },
  { name: 'that is null', entry: null },
  { name: 'with an empty high', entry: stats('', '1') },
  { name: 'with a zero for a low', entry: stats('1', '0') },
  { name: 'with numbers that have lost their digits', entry: stats(85158.5, 83811.99) },
  { name: 'with its low above its high', entry: stats('1', '2') },
])('a product $name is left out, and the others keep theirs', async ({ entry }) => {
  const { result, asked } = await ask({ 'ETH-USD': entry, 'BTC-USD': stats('85158.5', '83811.99') });
  const told = result?.ok && ['ETH-USD', 'BTC-USD', 'NOPE-USD'].map((id) => result.value.get(id));
  expect(told).toMatchObject([undefined, { high: { text: '85158.5' }, low: { text: '83811.99' } }, undefined]);
  expect(asked).toEqual(['/products/stats']);
});

test('an answer without a product is a failure, so that every market is asked for candles', async () => {
  for (const body of [{}, { 'BTC-USD': null }, []]) {
    expect((await ask(body)).result).toMatchObject({ ok: false, error: { kind: 'bad-response' } });
  }
});
