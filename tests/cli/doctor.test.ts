import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { findingsOf, isAllRight, type Section, shownSections } from '../../src/cli/doctor/findings.js';
import { watchClock } from '../../src/cli/doctor/machine.js';
import type { DoctorOptions, Outside } from '../../src/cli/doctor/surroundings.js';
import type { Cell } from '../../src/domain/columns.js';
import { err, ok } from '../../src/domain/result.js';
import { lookOf } from '../../src/simulators/google/state.js';
import { brokenSetUps, email, noIndex, noUsersTab, storeSecret } from '../support/broken-set-ups.js';
import { openClinic, soundRows } from '../support/doctor.js';
import { everySource } from '../support/every-exchange.js';
import { fakeKey, leaked } from '../support/fake-secret.js';
import { oneForAll } from '../support/lifetime.js';
import { runProgram } from '../support/program.js';
import { runHere } from '../support/run-here.js';
import { resolve, template } from '../support/template.js';

const clinic = oneForAll(openClinic);
beforeEach(() => clinic.heal());
/** Everything that any doctor of this file said, and what it must not have said. */
const said: { text: string; secrets: string[] }[] = [];

async function examine(options?: Partial<DoctorOptions>, outside?: Partial<Outside>): Promise<Section[]> {
  const sections = await clinic.examine(options, outside);
  said.push({ text: `${shownSections(sections)}\n${JSON.stringify(sections)}`, secrets: clinic.secrets() });
  return sections;
}

/** `check: detail → remedy`, and the names of the checks that were skipped. */
function complaints(sections: readonly Section[]): { wrong: string[]; skipped: string[] } {
  const all = findingsOf(sections);
  return {
    wrong: all.flatMap(({ check, status, detail, remedy }) =>
      status === 'wrong' ? [`${check}: ${detail} → ${remedy}`] : [],
    ),
    skipped: all.flatMap(({ check, status, detail }) => (status === 'skipped' ? [`${check}: ${detail}`] : [])),
  };
}

describe('broken', () => {
  test.each(brokenSetUps)('$name', async ({ break: spoil, options, outside, wrong, skipped = [] }) => {
    await spoil?.(clinic);
    const sections = await examine(options, outside);
    expect(complaints(sections)).toEqual({ wrong, skipped });
    expect(isAllRight(sections)).toBe(false);
  });
});

describe('sound', () => {
  test('the surroundings of the Lambda', async () => {
    clinic.simulators.pushover.resetsAt = Date.UTC(2026, 11, 1) / 1000;
    const sections = await examine();
    const shown = shownSections(sections).replace(/COINBASE_BASE_URL.*TELEGRAM_BASE_URL/, '…');
    expect(shown).toBe(`This machine
  ✓ node                   Node v24.1.0, the Lambda's
  ✓ clock                  within half a minute of the services'
  ✓ environment            every variable is right; not the services' own addresses: AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SECRETS_MANAGER, BINANCE_BASE_URL, BINANCE_FUTURES_BASE_URL, BYBIT_BASE_URL, …

AWS
  ✓ region                 eu-central-1, from AWS_REGION
  ✓ credentials            there are some, and AWS accepts them

Secret
  ✓ secret                 "trading-alerts" is well formed, with a service account
  ✓ users                  default, dmitry

Table
  ✓ table                  "trading-alerts" is there, with its key
  ✓ index                  entity_type-index is there, whole

Sheet
  ✓ google                 accepts ${email}
  ✓ sheet                  there, and shared with ${email}
  ✓ tab                    "Alerts" is there
  ✓ share                  as an editor, so the sheet can answer; it has no answer columns: trading-alerts sheet columns adds them
  ✓ header                 symbol, condition and price are there
  ✓ rows                   2 good, none wrong
  ✓ users tab              ${noUsersTab}

Exchanges
${everySource.map((name) => `  ✓ ${name.padEnd(22)} answers (asked from this machine, not from eu-central-1)`).join('\n')}

Pushover
  ✓ pushover token         Pushover knows the application
  ✓ pushover quota         10000 of 10000 messages left until 2026-12-01 00:00:00 UTC
  ✓ pushover user default  the key is valid, 1 device
  ✓ pushover user dmitry   the key is valid, 1 device

${20 + everySource.length} right, 0 wrong, 0 skipped`);
    expect(isAllRight(sections)).toBe(true);
  });

  test('nothing is written, nothing is pushed, and Pushover has at most two requests at once', async () => {
    const { pushover, traffic } = clinic.simulators;
    const users = Object.fromEntries(Array.from('abcdef', (name) => [name, fakeKey(`Many${name}`)]));
    storeSecret(clinic, { pushover_users: users });
    for (const key of Object.values(users)) pushover.users.add(key);
    traffic.pushover.requestsAtOnce.most = 0;
    traffic.pushover.fault = () => ({ delayMs: 40 });
    await examine();
    expect(traffic.pushover.requestsAtOnce.most).toBeLessThanOrEqual(2);
    expect(traffic.pushover.requests.map(({ path }) => path)).toEqual([
      '/1/apps/limits.json',
      ...Array(6).fill('/1/users/validate.json'),
    ]);
    expect(pushover.received).toEqual([]);
    const { secretsManager, google, binance, bybit, coinbase, coinbaseExchange } = traffic;
    const counts = [secretsManager, google, binance, bybit, coinbase, coinbaseExchange].map(
      (each) => each.requests.length,
    );
    // Google: the token, both tabs at once, and the alerts alone where there is no tab of users; the token that may write,
    // and a write that leaves its cell alone.
    expect(counts).toEqual([1, 5, 1, 2, 1, 0]);
    expect(clinic.simulators.google.tabs).toEqual(new Map([['Alerts', soundRows]]));
  });

  test('before the deploy the table may be missing', async () => {
    const sections = await examine({ beforeDeploy: true, table: 'not-yet' });
    expect(complaints(sections)).toEqual({
      wrong: [],
      skipped: ['table: not there yet: the deploy makes it', noIndex],
    });
    expect(isAllRight(sections)).toBe(true);
  });

  test('a laptop without secrets.json, which shows its pushes in the terminal', async () => {
    await rm(join(clinic.folder, 'secrets.json'));
    await clinic.write('alerts.csv', 'symbol,condition,price,user_id\nBTCUSDT,above,1,anyone\n');
    const sections = await examine({ sheet: 'alerts.csv' });
    expect(sections.map(({ title }) => title)).toEqual(['This machine', 'Secret', 'Sheet', 'Exchanges', 'Channels']);
    expect(complaints(sections)).toEqual({
      wrong: [],
      skipped: [
        expect.stringMatching(/^secret: there is no .*secrets\.json: pushes are shown in the terminal$/),
        expect.stringMatching(/^channels: there is no .*secrets\.json$/),
      ],
    });
    expect(isAllRight(sections)).toBe(true);
  });

  test('a laptop that reads the Google sheet needs no AWS', async () => {
    clinic.environment.AWS_REGION = 'us-east-1';
    const sections = await examine({ sheet: 'google' });
    expect(complaints(sections)).toEqual({ wrong: [], skipped: [] });
    expect(clinic.simulators.traffic.secretsManager.requests).toEqual([]);
  });

  const tab = (...rows: (readonly Cell[])[]) =>
    clinic.simulators.google.tabs.set(
      'Alerts',
      rows.map((row) => [...row]),
    );

  test.each<[name: string, check: string, detail: string, remedy: string | undefined, change: () => unknown]>([
    [
      'few messages are left',
      'pushover quota',
      '999 of 10000 messages left until 2026-12-01 00:00:00 UTC',
      "few are left: buy messages for the application at pushover.net, or wait for the month's reset",
      () => Object.assign(clinic.simulators.pushover, { remaining: 999, resetsAt: Date.UTC(2026, 11, 1) / 1000 }),
    ],
    [
      'nobody is called default',
      'users',
      'dmitry',
      'rows with a blank user_id are for "default", who has no key: name the user in every row, or add one',
      () => {
        const { dmitry } = clinic.simulators.secret.pushover_users;
        storeSecret(clinic, { pushover_users: { dmitry } });
        tab(soundRows[0] ?? []);
      },
    ],
    [
      'the sheet has a column of keys',
      'header',
      'symbol, condition and price are there',
      'the column "pushover_user_key" is not read: keys belong in the secret, under users. Delete the column and name the user in "user_id"',
      () => tab(['symbol', 'condition', 'price', 'pushover_user_key']),
    ],
    [
      'the key of a group',
      'pushover user dmitry',
      "the key of a group; its members' devices get the pushes",
      undefined,
      () => {
        clinic.simulators.traffic.pushover.fault = ({ path, body }) =>
          path.includes('validate') && body.includes('dmitry')
            ? { outcome: { status: 200, body: { status: 1, group: 1, devices: [], licenses: [] } } }
            : undefined;
      },
    ],
  ])('%s', async (_name, check, detail, remedy, change) => {
    change();
    const sections = await examine();
    expect(findingsOf(sections)).toContainEqual({
      check,
      status: 'ok',
      detail,
      ...(remedy !== undefined && { remedy }),
    });
    expect(complaints(sections)).toEqual({ wrong: [], skipped: [] });
  });

  const answering = [...(soundRows[0] ?? []), 'status', 'answer'];

  test.each<
    [name: string, access: 'viewer' | 'shared', header: readonly Cell[], detail: string, remedy: string | undefined]
  >([
    [
      'viewer',
      'viewer',
      soundRows[0] ?? [],
      'as a viewer, which is enough: the sheet has no answer columns',
      undefined,
    ],
    [
      'viewer, where the sheet is to answer',
      'viewer',
      answering,
      'as a viewer: the sheet has answer columns, and nothing can be written into them',
      `share the sheet with ${email} as an editor, or delete the answer columns`,
    ],
    ['editor, where the sheet is to answer', 'shared', answering, 'as an editor, so the sheet can answer', undefined],
  ])('a share as %s', async (_name, access, header, detail, remedy) => {
    tab(header, ...soundRows.slice(1));
    clinic.simulators.google.access = access;
    const sections = await examine();
    const said = { check: 'share', status: 'ok', detail, ...(remedy !== undefined && { remedy }) };
    expect(findingsOf(sections)).toContainEqual(said);
    expect(complaints(sections)).toEqual({ wrong: [], skipped: [] });
  });

  test('an editor whose first cell is protected is an editor all the same', async () => {
    const { google } = clinic.simulators;
    lookOf(google, 'Alerts').protectedRanges.push({ protectedRangeId: 1, range: { endRowIndex: 1 } });
    const [share] = findingsOf(await examine()).filter(({ check }) => check === 'share');
    expect(share?.detail).toMatch(/^as an editor/);
  });

  test('a share that nobody tells is not guessed at', async () => {
    clinic.simulators.traffic.google.fault = ({ path }) =>
      path.includes('values:batchUpdate') ? { outcome: { status: 500, body: {} } } : undefined;
    expect(complaints(await examine())).toEqual({
      wrong: [],
      skipped: [
        `share: whether ${email} may edit is not known: Google Sheets is out of order (HTTP 500); look at the sheet, and try again`,
      ],
    });
  });

  test('whether a CSV file can be written', async () => {
    const path = join(clinic.folder, 'alerts.csv');
    const shareOf = async () =>
      findingsOf(await examine({ sheet: 'alerts.csv' })).find(({ check }) => check === 'share');
    expect(await shareOf()).toEqual({ check: 'share', status: 'ok', detail: `${path} can be written` });
    const lock = join(clinic.folder, '.~lock.alerts.csv#');
    await clinic.write('.~lock.alerts.csv#', '');
    expect(await shareOf()).toEqual({
      check: 'share',
      status: 'ok',
      detail: `${path} is open in LibreOffice: no row can be edited from here`,
      remedy: `close it there, or delete ${lock} if it is not`,
    });
    await clinic.write('alerts.csv', 'symbol,condition,price,status\n');
    expect((await shareOf())?.detail).toBe(`${path} is open in LibreOffice: its answer columns stay as they are`);
    await rm(lock);
  });

  const usersTab = (...rows: (readonly Cell[])[]) =>
    clinic.simulators.google.tabs.set('Users', [['user_id', 'quiet', 'notify'], ...rows.map((row) => [...row])]);

  test("the users' tab, and what it is called", async () => {
    usersTab(['default', '23:00-07:00', 'pushover'], ['dmitry', '', '']);
    const detail = '"Users" is right for default, dmitry';
    expect(findingsOf(await examine())).toContainEqual({ check: 'users tab', status: 'ok', detail });
    const other = findingsOf(await examine({ usersTab: "Who's who" }));
    expect(other).toContainEqual({
      check: 'users tab',
      status: 'ok',
      detail: noUsersTab.replace('Users', "Who's who"),
    });
  });

  test.each<[string, Partial<DoctorOptions>, string]>([
    ['beside the CSV file, unless it is named', {}, 'says nothing of anybody yet'],
    ['that is named', { users: 'people.csv' }, 'is right for anna'],
  ])('the file of users %s', async (_name, { users }, said) => {
    await rm(join(clinic.folder, 'secrets.json'));
    await clinic.write('users.csv', 'user_id,quiet\n');
    await clinic.write('people.csv', 'user_id,quiet\nanna,22:00-06:00\n');
    const named = users && join(clinic.folder, users);
    const sections = await examine({ sheet: 'alerts.csv', ...(named && { users: named }) });
    const detail = `"${named ?? join(clinic.folder, 'users.csv')}" ${said}`;
    expect(findingsOf(sections)).toContainEqual({ check: 'users tab', status: 'ok', detail });
    expect(complaints(sections).wrong).toEqual([]);
  });

  test.each([
    ['AWS_DEFAULT_REGION', { AWS_REGION: undefined, AWS_DEFAULT_REGION: 'ap-northeast-1' }, {}],
    ['--region', { AWS_REGION: 'us-east-1' }, { region: 'ap-northeast-1' }],
  ])('the region can come from %s', async (source, environment, options) => {
    Object.assign(clinic.environment, environment);
    expect(findingsOf(await examine(options))).toContainEqual({
      check: 'region',
      status: 'ok',
      detail: `ap-northeast-1, from ${source}`,
    });
  });
});

describe('the clock', () => {
  const now = Date.UTC(2026, 10, 20, 14, 0, 0);
  const said = (seconds: number, more: Record<string, string> = {}) => ({
    date: new Date(now + seconds * 1000).toUTCString(),
    ...more,
  });

  test.each<[name: string, answers: Record<string, string>[], status: string, detail: string]>([
    ['none answered', [], 'skipped', 'no service answered with the time'],
    ['none said the time', [{}, { date: 'soon' }], 'skipped', 'no service answered with the time'],
    ['half a minute off', [said(29)], 'ok', "within half a minute of the services'"],
    ['a minute off', [said(60)], 'wrong', "this machine's clock is 61 s behind the services'"],
    [
      'one service whose own clock is wrong',
      [said(0), said(-5000), said(1)],
      'ok',
      "within half a minute of the services'",
    ],
    [
      'answers that a cache kept',
      [said(-3600, { age: '3600' }), said(-1800, { age: '1800' }), said(0)],
      'ok',
      "within half a minute of the services'",
    ],
  ])('%s', async (_name, answers, status, detail) => {
    const left = answers.map((headers) => ok({ status: 200, headers: new Headers(headers), text: '' }));
    const next = async () => left.shift() ?? err({ detail: 'no answer' });
    const watched = watchClock({ get: next, post: next }, () => now);
    const address = new URL('http://127.0.0.1/');
    for (const _ of [...answers, 'no answer']) await watched.http.get(address);
    expect(watched.finding()).toMatchObject({ check: 'clock', status, detail });
  });
});

describe('the command', () => {
  const run = (...words: string[]) => runHere(['doctor', ...words], clinic);

  test('exits with 0 where everything is right, and counts', async () => {
    const ended = await runProgram(['doctor'], clinic);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^This machine\n {2}✓ node /);
    expect(ended.stdout.endsWith(`\n\n${14 + everySource.length} right, 0 wrong, 0 skipped\n`)).toBe(true);
  });

  test('exits with 1 where something is wrong, and --json is a list for programs', async () => {
    const ended = await run('--table', 'other', '--json');
    expect(ended.code).toBe(1);
    const findings = JSON.parse(ended.stdout) as object[];
    expect(findings).toHaveLength(20 + everySource.length);
    expect(findings).toContainEqual({
      check: 'table',
      status: 'wrong',
      detail: 'there is no table "other" in this account and region',
      remedy: "deploy the stack; the stack's output TableName names it; give it with --table or DYNAMODB_TABLE_NAME",
    });
  });

  test("the stack's output is the whole command, and needs no variable beside it", async () => {
    const parameters = {
      SpreadsheetId: 'simulated-spreadsheet',
      SecretName: 'of/this.stack',
      SheetTab: "Dmitry's alerts; the swing trades",
    };
    const { simulators, environment } = clinic;
    await clinic.makeTable({ TableName: 'AlertTable' });
    simulators.secrets.set(parameters.SecretName, JSON.stringify(simulators.secret));
    simulators.google.tabs.set(
      parameters.SheetTab,
      soundRows.map((cells) => [...cells]),
    );
    for (const name of ['GOOGLE_SHEETS_SPREADSHEET_ID', 'SHEET_TAB', 'DYNAMODB_TABLE_NAME', 'SECRET_ID', 'AWS_REGION'])
      delete environment[name];
    const command = resolve<string>(template.Outputs.DoctorCommand?.Value, { parameters });
    const [name, subcommand, ...words] = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, word]) => quoted ?? word,
    );
    expect([name, subcommand]).toEqual(['trading-alerts', 'doctor']);
    const ended = await run(...(words as string[]));
    expect(ended.stdout).toMatch(/✓ table +"AlertTable" is there, with its key\n/);
    expect(ended.stdout.endsWith(`\n\n${20 + everySource.length} right, 0 wrong, 0 skipped\n`)).toBe(true);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('a CSV file and --aws exclude each other', async () => {
    const ended = await run('--aws', '--sheet', 'alerts.csv');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("option '--aws' cannot be used with option '--sheet <file|google>'");
  });
});

test('no key, token or private key was in anything that was said above', () => {
  expect(said.length).toBeGreaterThan(brokenSetUps.length);
  expect(said.flatMap(({ text, secrets }) => leaked(text, secrets))).toEqual([]);
});
