import { beforeEach, describe, expect, test } from '@jest/globals';
import { oneForEach } from '../support/lifetime.js';
import { at, createWorld } from '../support/world.js';

const world = oneForEach(() => createWorld());
beforeEach(() => {
  const { market } = world.simulators;
  market.list('okx', 'BTC-USDT', { price: '94000' });
  market.list('okx', 'BTC-USDT-SWAP.P', { price: '94010' });
});

describe('a row of OKX', () => {
  test.each<{ row: readonly [symbol: string, exchange: string]; symbol: string }>([
    { row: ['BTCUSDT', 'okx'], symbol: 'BTC-USDT' },
    { row: ['BTC-USDT', 'okx'], symbol: 'BTC-USDT' },
    { row: ['OKX:BTCUSDT', ''], symbol: 'BTC-USDT' },
    { row: ['BTCUSDT', ''], symbol: 'BTC-USDT' },
    { row: ['BTCUSDT.P', 'okx'], symbol: 'BTC-USDT-SWAP.P' },
    { row: ['OKX:BTCUSDT.P', ''], symbol: 'BTC-USDT-SWAP.P' },
    { row: ['BTC-USDT-SWAP', 'okx'], symbol: 'BTC-USDT-SWAP.P' },
    { row: ['okx:btc-usdt-swap', ''], symbol: 'BTC-USDT-SWAP.P' },
    { row: ['BTC-USDT-SWAP', ''], symbol: 'BTC-USDT-SWAP.P' },
  ])(
    '$row is $symbol there, and a touch between two checks is told',
    async ({ row: [symbol, exchange], symbol: own }) => {
      world.rows([symbol, 'above', 95000, 'dmitry', exchange]);
      expect((await world.check()).sheet.rowErrors).toEqual([]);
      world.simulators.market.move('okx', own, [
        { at: at('12:02:10'), price: '95100' },
        { at: at('12:02:50'), price: '94100' },
      ]);
      const { fired } = await world.checkAt('12:05:20');
      expect(fired).toMatchObject([{ exchange: 'okx', symbol: own, price: '95100', outcome: 'accepted' }]);
    },
  );

  test('is told of its funding; binance comes first where none is named', async () => {
    const { market } = world.simulators;
    market.setFunding('okx', 'BTC-USDT-SWAP.P', '-0.0012630077877366', 4);
    world.rows(['OKX:BTCUSDT', 'funding below', '-0.1%', 'dmitry', '']);
    expect((await world.check()).fired).toMatchObject([
      { exchange: 'okx', symbol: 'BTC-USDT-SWAP.P', price: '-0.12630077877366%' },
    ]);
    market.list('binance', 'BTCUSDT', { price: '94000' });
    world.rows(['BTCUSDT', 'above', 90000, 'dmitry', '']);
    expect((await world.check()).fired).toMatchObject([{ exchange: 'binance' }]);
  });

  test('stands in for a perpetual with a perpetual only, of the same quote', async () => {
    const { market, traffic } = world.simulators;
    for (const symbol of ['BTCUSDT.P', 'BTCUSDC.P', 'ETHUSDT.P']) market.list('binance', symbol, { price: '94000' });
    market.list('okx', 'BTC-USDC-SWAP.P', { price: '94000' });
    market.list('okx', 'ETH-USDT', { price: '94000' });
    traffic.binanceFutures.fault = () => ({ outcome: { status: 503, body: '' } });
    world.rows(
      ...['BTCUSDT.P', 'BTCUSDC.P', 'ETHUSDT.P'].map((symbol) => [symbol, 'above', 90000, 'dmitry', 'binance']),
    );
    const { fired } = await world.check();
    expect(fired).toMatchObject([{ exchange: 'okx', symbol: 'BTC-USDT-SWAP.P' }]);
  });
});
