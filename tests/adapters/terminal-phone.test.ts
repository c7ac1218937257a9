import { expect, test } from '@jest/globals';
import { createTerminalPhone } from '../../src/adapters/terminal-phone.js';
import type { Notification } from '../../src/domain/delivery/notification.js';

const message: Notification = {
  id: 'fire-1',
  kind: 'fired',
  happenedAt: 1_795_176_240_000,
  priority: 'normal',
  isSilent: false,
  direction: 'up',
  facts: {},
  title: 'Breakout: BTCUSDT above 95000',
  lines: ['touched 95180.00 at 12:04 UTC, now 95010.50', 'binance:BTCUSDT\nsell half'],
};

function notifier() {
  const printed: string[] = [];
  return { printed, ...createTerminalPhone((text) => printed.push(text)) };
}

test('a push is shown as a heading with the text below it', async () => {
  const { send, printed } = notifier();
  expect(await send('terminal', 'dmitry', message)).toEqual({ kind: 'accepted', receipt: undefined });
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
  const { send, printed } = notifier();
  await send('terminal', 'dmitry', { ...message, title: 'a\u001b[2Jb\nc', lines: ['a\u0007\u009b31mb\r\nc\td'] });
  expect(printed).toEqual(['📱 dmitry  a [2Jb c\n   a  31mb\n   c d']);
});

test('every user is welcome', async () => {
  expect(await notifier().users()).toBeUndefined();
});
