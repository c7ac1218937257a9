import { expect, test } from '@jest/globals';
import { createTerminalPhone } from '../../src/adapters/terminal-phone.js';

const message = {
  user: 'dmitry',
  title: 'Breakout: BTCUSDT above 95000',
  text: 'touched 95180.00 at 12:04 UTC, now 95010.50\nbinance:BTCUSDT\nsell half',
  timestamp: 1_795_176_240,
};

function notifier() {
  const printed: string[] = [];
  return { printed, ...createTerminalPhone((text) => printed.push(text)) };
}

test('a push is shown as a heading with the text below it', async () => {
  const { push, printed } = notifier();
  expect(await push(message)).toEqual({ ok: true, value: undefined });
  expect(printed).toEqual([
    [
      '📱 dmitry  Breakout: BTCUSDT above 95000',
      '   touched 95180.00 at 12:04 UTC, now 95010.50',
      '   binance:BTCUSDT',
      '   sell half',
    ].join('\n'),
  ]);
});

test('a sheet cannot command the terminal', async () => {
  const { push, printed } = notifier();
  await push({ ...message, title: 'a\u001b[2Jb\nc', text: 'a\u0007\u009b31mb\r\nc\td' });
  expect(printed).toEqual(['📱 dmitry  a [2Jb c\n   a  31mb\n   c d']);
});

test('every user is welcome', async () => {
  expect(await notifier().users()).toBeUndefined();
});
