import { beforeEach, describe, expect, test } from '@jest/globals';
import { SecretError } from '../../src/adapters/secret-error.js';
import type { Cell } from '../../src/domain/columns.js';
import { header } from '../support/builders.js';
import { oneForEach } from '../support/lifetime.js';
import { createWorld, minuteMs, received } from '../support/world.js';

const world = oneForEach(() => createWorld());
beforeEach(() => {
  world.simulators.market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
});

const btc = ['BTCUSDT', 'above', 95000, 'dmitry'];

function users(...rows: (readonly Cell[])[]): void {
  world.simulators.google.tabs.set('Users', [
    ['User ID', 'time_zone', 'Quiet', 'notify'],
    ...rows.map((row) => [...row]),
  ]);
}

/** The reads of the sheet since the last look. */
function reads(): string[] {
  const { requests } = world.simulators.traffic.google;
  const paths = requests.splice(0).map(({ path }) => decodeURIComponent(path));
  return paths
    .filter((path) => path.startsWith('/v4/'))
    .map((path) => path.replace(/^\/v4\/spreadsheets\/[^/]+\//, ''));
}

const touch = () => world.simulators.market.setPrice('binance', 'BTCUSDT', '95500.00000000');
/** Of fires; that a row is wrong is told, too. */
const texts = () => received(world).flatMap(({ text }) => (text.startsWith('Row ') ? [] : [text]));

describe('the users’ tab', () => {
  test('is read in the same call as the alerts, and says in which time zone a user is told', async () => {
    users(['dmitry', 'Europe/Berlin']);
    await world.checkOf(btc);
    expect(reads()).toEqual(['values:batchGet']);
    touch();
    const summary = await world.checkOf(btc);
    expect(summary.sheet).toMatchObject({ status: 'ok', rowErrors: [], warnings: [] });
    expect(texts()).toEqual([expect.stringMatching(/touched 95500.00 at 13:05 GMT\+1, now 95500.00/)]);
  });

  test('that is not there is looked for again an hour later', async () => {
    const summary = await world.checkOf(btc);
    expect(summary.sheet).toMatchObject({ status: 'ok', rows: 1, rowErrors: [], warnings: [] });
    expect(reads()).toEqual(['values:batchGet', "values/'Alerts'"]);
    users(['dmitry', 'Europe/Berlin']);
    await world.checkOf(btc);
    expect(reads()).toEqual(["values/'Alerts'"]);
    world.pass(60 * minuteMs);
    touch();
    await world.checkOf(btc);
    expect(reads()).toEqual(['values:batchGet']);
    expect(texts()).toEqual([expect.stringContaining('GMT+1')]);
  });

  test('leaves messages as they were where nobody wishes otherwise', async () => {
    touch();
    await world.checkOf(btc);
    expect(texts()).toEqual([expect.stringContaining('touched 95500.00 at 12:05 UTC, now 95500.00')]);
  });

  test('with wrong cells tells them by its name, and stops nothing else', async () => {
    users(['dmitry', 'Berlin', '23:00', 'pigeon'], ['nobody', 'UTC'], ['anna', 'America/New_York'], ['anna', 'UTC']);
    touch();
    const summary = await world.checkOf(btc, ['BTCUSDT', 'above', 95100, 'anna']);
    expect(summary.sheet.status).toBe('ok');
    expect(summary.sheet.rowErrors).toEqual([
      {
        row: 2,
        message:
          'Users: time_zone: expected a name of the IANA list, such as Europe/Berlin, America/New_York or UTC, or a blank cell, got "Berlin".' +
          ' quiet: expected a stretch of the day such as 23:00-07:00, or a blank cell, got "23:00".' +
          ' notify: expected some of pushover, telegram, discord, slack, ntfy, webhook or a blank cell, got "pigeon"',
      },
      { row: 3, message: expect.stringMatching(/^Users: user_id: no channel in the secret for "nobody"/) },
      { row: 5, message: 'Users: the same user as row 4, which counts; delete one of the two' },
    ]);
    expect(texts().toSorted()).toEqual([expect.stringContaining('07:05 EST'), expect.stringContaining('12:05 UTC')]);
  });

  test('about something else says so, and how to choose another', async () => {
    world.simulators.google.tabs.set('Users', [['name', 'birthday']]);
    const summary = await world.checkOf(btc);
    expect(summary.sheet.rowErrors).toEqual([
      {
        row: 1,
        message:
          'Users: the first row must name the column user_id, and as you like time_zone, quiet and notify; it holds: name, birthday.' +
          ' Where the tab is about something else, set USERS_TAB to another name',
      },
    ]);
  });
});

describe('what the users’ tab last said counts', () => {
  beforeEach(async () => {
    users(['dmitry', 'Europe/Berlin', '23:00-07:00']);
    await world.checkOf(btc);
    touch();
  });

  test('while the sheet cannot be read', async () => {
    world.simulators.google.access = 'quota-exceeded';
    const summary = await world.checkOf(btc);
    expect(summary.sheet).toMatchObject({
      status: 'unavailable',
      warnings: ['what "Users" last said still counts'],
    });
    expect(texts()).toEqual([expect.stringContaining('13:05 GMT+1')]);
  });

  test('while the secret cannot be read', async () => {
    const unread = {
      read: async () => Promise.reject(new SecretError({ message: 'no secret' })),
      forget: () => undefined,
    };
    world.pass(5 * minuteMs);
    const summary = await world.handler({ secret: unread })();
    expect(summary.sheet).toMatchObject({ status: 'unavailable', warnings: ['what "Users" last said still counts'] });
  });

  test('while the tab is gone, and until it is left with its header alone', async () => {
    world.simulators.google.tabs.delete('Users');
    const summary = await world.checkOf(btc);
    const warning =
      'what "Users" last said still counts, but it is not there any more; put it back, or, to go without, leave it with nothing but the header user_id';
    expect(summary.sheet).toMatchObject({ status: 'ok', warnings: [warning] });
    expect(texts()).toEqual([expect.stringContaining('13:05 GMT+1')]);
    expect((await world.checkOf(btc)).sheet.warnings).toEqual([warning]);
    users();
    world.pass(60 * minuteMs);
    expect((await world.checkOf(btc)).sheet.warnings).toEqual([]);
    world.simulators.google.tabs.delete('Users');
    expect((await world.checkOf(btc)).sheet.warnings).toEqual([]);
    await world.checkOf(btc, ['BTCUSDT', 'above', 95100, 'dmitry']);
    expect(texts().at(-1)).toMatch(/UTC, now/);
  });

  test('for a cell that is wrong now', async () => {
    users(['dmitry', 'Europe/Brelin', '22:00-07:00']);
    const summary = await world.checkOf(btc);
    expect(summary.sheet.rowErrors).toHaveLength(1);
    expect(texts()).toEqual([expect.stringContaining('13:05 GMT+1')]);
    expect(await world.store.readUsers()).toEqual([
      { user: 'dmitry', timeZone: 'Europe/Berlin', quiet: { from: 22 * 60, to: 7 * 60 }, notify: [] },
    ]);
  });

  test('and is written anew where it was lost, if workers go by it', async () => {
    const doorbell = { ring: async () => ({ refused: [], problems: [] }) };
    const kept = await world.store.readUsers();
    await world.store.writeUsers([]);
    await world.checkOf(btc);
    expect(await world.store.readUsers()).toEqual([]);
    await world.handler({ doorbell })();
    expect(await world.store.readUsers()).toEqual(kept);
  });

  test('and what was spoilt is written anew as soon as the tab can be read again', async () => {
    const kept = await world.store.readUsers();
    await world.store.writeUsers(kept.map((each) => ({ ...each, timeZone: 'Moon/Tycho' })));
    world.simulators.google.access = 'quota-exceeded';
    expect((await world.checkOf(btc)).problems).toEqual([expect.stringContaining('item #users of the table')]);
    world.simulators.google.access = 'shared';
    expect((await world.checkOf(btc)).problems).toEqual([]);
    expect(await world.store.readUsers()).toEqual(kept);
  });

  test('and is neither read nor written while it stays the same', async () => {
    world.operations.length = 0;
    await world.checkOf(btc);
    const before = [...world.operations];
    world.operations.length = 0;
    world.simulators.google.tabs.delete('Users');
    await world.checkOf(btc);
    expect(world.operations.filter((each) => each === 'GetItem')).toHaveLength(
      before.filter((each) => each === 'GetItem').length + 1,
    );
  });
});

test('the owner’s time zone counts for whom the tab says nothing of', async () => {
  await world.close();
  Object.assign(world, await createWorld({ TIME_ZONE: 'Asia/Kolkata' }));
  world.simulators.market.list('binance', 'BTCUSDT', { price: '96000.00000000' });
  await world.checkOf(btc);
  expect(texts()).toEqual([expect.stringContaining('touched 96000.00 at 17:35 GMT+5:30')]);
});

test('another name of the tab is looked for', async () => {
  await world.close();
  Object.assign(world, await createWorld({ USERS_TAB: "Who's who" }));
  world.simulators.google.tabs.set("Who's who", [
    ['user_id', 'quiet'],
    ['dmitry', '7'],
  ]);
  world.simulators.market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
  expect((await world.checkOf(btc)).sheet.rowErrors).toEqual([
    { row: 2, message: expect.stringMatching(/^Who's who: quiet: /) },
  ]);
});

describe('the column notify', () => {
  const withNotify = (...rows: (readonly Cell[])[]) => {
    world.simulators.google.tabs.set('Alerts', [[...header, 'Notify'], ...rows.map((row) => [...row])]);
    world.pass(5 * minuteMs);
    return world.check();
  };
  const row = (notify: string, user = 'dmitry') => ['BTCUSDT', 'above', 95000, user, '', '', '', '', '', notify];

  test('names channels that the user has a key for', async () => {
    expect((await withNotify(row('Pushover'))).sheet.rowErrors).toEqual([]);
    expect((await world.store.list()).alerts).toMatchObject([{ notify: ['pushover'] }]);
    expect((await withNotify(row(''))).sheet.rowErrors).toEqual([]);
    expect((await world.store.list()).alerts).toMatchObject([{ notify: [], triggeredCount: 0 }]);
  });

  test.each([
    [
      'pigeon',
      'notify: expected some of pushover, telegram, discord, slack, ntfy, webhook or a blank cell, got "pigeon"',
    ],
    [
      'telegram, pushover',
      'notify: the secret has no key of dmitry for telegram, but for pushover; write what it has a key for, leave the cell blank for all of them, or add the key under users in the secret',
    ],
  ])('with %s is a row error that says what to write', async (notify, message) =>
    expect((await withNotify(row(notify))).sheet.rowErrors).toEqual([{ row: 2, message }]),
  );
});

describe('in quiet hours', () => {
  const night = ['dmitry', 'Asia/Kolkata', '17:00-18:00'];
  const priorityOf = () => world.simulators.pushover.received.map(({ fields }) => fields.priority);
  const withPriority = (priority: string) => {
    const row = [...btc, '', '', '', '', '', priority];
    world.simulators.google.tabs.set('Alerts', [[...header, 'Priority'], row]);
    world.pass(5 * minuteMs);
    return world.check();
  };

  test.each([
    ['', '-1'],
    ['high', '1'],
  ])(
    'of the user’s own zone an alert of priority "%s" comes at once, with Pushover’s %s',
    async (priority, expected) => {
      users(night);
      touch();
      expect((await withPriority(priority)).fired).toMatchObject([{ outcome: 'accepted' }]);
      expect(priorityOf()).toEqual([expected]);
    },
  );
});

test('a key that was pasted into a cell is told to nobody', async () => {
  const token = '8123456789:AAfakefakefakefakefakefakefakefakefake';
  const address = 'https://discord.com/api/webhooks/123/fakefakefakefakefakefake';
  users(['dmitry', token, address, `telegram ${token} ${address}`]);
  const summary = await world.checkOf(btc);
  expect(summary.sheet.rowErrors).toHaveLength(1);
  expect(JSON.stringify([summary, world.log, await world.store.readUsers()])).not.toMatch(/fakefake/i);
});
