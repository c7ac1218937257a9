import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseKeys } from '../src/adapters/notifiers/keys-text.js';
import { channelNames } from '../src/adapters/notifiers/registry.js';
import { createProgram } from '../src/cli/program.js';
import { conditionNames, conditionOf, findConditionName } from '../src/domain/conditions/registry.js';
import { columns } from '../src/domain/fields/fields.js';
import { exchangeNames } from '../src/domain/market.js';
import { isTimeZone } from '../src/domain/time-zone.js';
import { template } from './support/template.js';

const readme = readFileSync('README.md', 'utf8');
const layout = readFileSync('src/README.md', 'utf8');
const git = (...words: string[]): string[] => execFileSync('git', words, { encoding: 'utf8' }).split('\n').slice(0, -1);

/** What a clone holds, or will after the next commit; what git ignores is not there. */
const committed = new Set(
  git('ls-files', '--cached', '--others', '--exclude-standard').flatMap((file) => {
    const parts = file.split('/');
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  }),
);
const isCommitted = (path: string): boolean => committed.has(path.replace(/\/$/, ''));

const block = /```\w*\n([\s\S]*?)```/g;
const lines = [...readme.matchAll(block)].flatMap(([, body = '']) => body.split('\n'));
const spans = [...readme.replace(block, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
/** The map of the sources has its own form: `src/flows  one use case a file: check, deliver`. */
const isOfMap = (line: string): boolean => /^src\/\S+ +\w/.test(line);
const code = [...spans, ...lines.filter((line) => !isOfMap(line))].map((each) => each.replace(/ #.*/, '').trim());

const pathOf = /^(?:\.\/)?((?:[\w.-]+\/)+[\w.-]*|[\w.-]+\.(?:csv|js|json|md|mjs|py|toml|ts|txt|yaml))$/;
const pathsOf = (text: string): string[] => text.split(/[\s'"=]+/).flatMap((word) => pathOf.exec(word)?.[1] ?? []);

/** What the reader makes, keeps or writes; everything else that the README names is in the repository. */
const ofTheReader = [
  '.trading-alerts/',
  'alerts.csv',
  'candles.csv',
  'events/env.json',
  'key.json',
  'secret.json',
  'secrets.json',
  'users.csv',
];

describe('README.md', () => {
  test('names only files that are in the repository, or that the reader makes', () => {
    // Time zones look like paths.
    const named = [...new Set(code.flatMap(pathsOf))].filter((path) => !isTimeZone(path));
    expect(named.filter((path) => !isCommitted(path)).sort()).toEqual(ofTheReader);
    expect(named.filter(isCommitted).length).toBeGreaterThan(10);
  });

  test('names every exchange in the table of the columns', () => {
    const [row = ''] = readme.split('\n').filter((line) => line.startsWith('| `exchange` |'));
    expect(exchangeNames.filter((name) => !row.includes(`\`${name}\``))).toEqual([]);
  });

  test('shows every condition, with its words and a target that it reads', () => {
    const [, section = ''] = /\n### Conditions\n([\s\S]*?)\n##/.exec(readme) ?? [];
    const rows = section.split('\n').filter((line) => /^\| `(?!condition`)/.test(line));
    const cells = rows.map((row) =>
      row.split('|').map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, own]) => own)),
    );
    const shown = cells.map(([, english = [], russian = [], [example = ''] = []]) => {
      const names = [...english, ...russian].map((words = '') => findConditionName(words));
      const [name] = names;
      expect(new Set(names).size).toBe(1);
      return name !== undefined && conditionOf(name, example).ok ? name : undefined;
    });
    expect(shown).toEqual(conditionNames);
  });

  test('stays short', () => expect(readme.split('\n').length).toBeLessThan(300));

  test('names every column', () => {
    const [, section = ''] = /\n## The sheet\n([\s\S]*?)\n### /.exec(readme) ?? [];
    const titles = Object.values(columns).map(({ title }) => title);
    const first = section.split('\n').flatMap((line) => (line.startsWith('|') ? [line.split('|')[1] ?? ''] : []));
    expect(titles.filter((title) => !first.some((cell) => cell.includes(`\`${title}\``)))).toEqual([]);
  });

  test('links to recipes, which name only files that are in the repository, or that the reader makes', () => {
    const linked = (text: string): string[] => [...text.matchAll(/\]\(([\w/.-]+\.md)\)/g)].map(([, path = '']) => path);
    const inside = linked(layout).map((path) => join('src', path));
    expect(inside.length).toBeGreaterThan(4);
    for (const recipe of new Set([...linked(readme).filter((path) => path.startsWith('src/')), ...inside])) {
      if (recipe === 'src/README.md') continue;
      const text = readFileSync(recipe, 'utf8');
      const named = [...text.matchAll(/`([^`]+)`/g)].flatMap(([, span = '']) => pathsOf(span));
      const isThere = (path: string): boolean => isCommitted(path) || isCommitted(join(dirname(recipe), path));
      const isExample = (path: string): boolean => path.includes('kraken') || path.includes('<name>');
      expect(named.filter((path) => !isThere(path) && !isExample(path))).toEqual([]);
      expect(named.filter(isThere).length).toBeGreaterThan(3);
    }
  });

  test('draws a map of src on which every place exists', () => {
    expect(readme).toContain('(src/README.md)');
    const map = [...layout.matchAll(block)].flatMap(([, body = '']) => body.split('\n')).filter(isOfMap);
    const places = map.flatMap((line) => {
      const [place = ''] = line.split(' ');
      const [, listed] = / a file: (.*)/.exec(line) ?? [];
      const files = listed?.split(', ').map((name) => `${place}/${name}`) ?? [];
      return [
        place,
        ...files,
        ...line
          .split(/[ ;]+/)
          .flatMap(pathsOf)
          .filter((path) => path.startsWith('src/')),
      ];
    });
    const exists = (path: string): boolean => isCommitted(path) || isCommitted(`${path}.ts`);
    expect(places.filter((path) => !exists(path))).toEqual([]);
    expect(map.length).toBeGreaterThan(4);
  });

  test('has a paragraph on every channel', () => {
    const [, section = ''] = /\n## Channels\n([\s\S]*?)\n## /.exec(readme) ?? [];
    const named = [...section.matchAll(/^(?:- )?\*\*(?:A )?(\w+)/gm)].map(([, name = '']) => name.toLowerCase());
    expect(named).toEqual(channelNames);
  });

  test('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const named = code.flatMap((text) => [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:]+)|(test))/g)]);
    const names = named.map(([, script, own]) => script ?? own ?? '');
    expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['demo', 'test', 'test:faults', 'bench', 'sam:services']));
  });

  test('names only parameters that the template has', () => {
    const named = code.flatMap((text) =>
      [...text.matchAll(/(?<![\w-])([A-Z][a-z]\w*)=/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => !(name in template.Parameters))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(['SpreadsheetId', 'AlarmEmail']));
  });

  const program = createProgram();
  const calls = code.flatMap((text) => [...text.matchAll(/(?<![\w/-])trading-alerts ([a-z][a-z-]*)([^&|]*)/g)]);
  const commands = [...new Set(calls.map(([, command = '']) => command))];

  test.each(commands)('names only options that `trading-alerts %s` has', (command) => {
    const help = program.commands.find((each) => each.name() === command)?.helpInformation() ?? '';
    const options = calls.flatMap(([, name, rest = '']) => (name === command ? (rest.match(/--[a-z-]+/g) ?? []) : []));
    expect(help).toContain(`Usage: trading-alerts ${command} `);
    expect(options.filter((option) => !help.includes(` ${option}`))).toEqual([]);
  });

  test('shows every command', () => {
    const all = program.commands.map((each) => each.name());
    expect(all.length).toBeGreaterThan(6);
    // The demo is shown as an npm script.
    expect(all.filter((command) => !['demo', ...commands].includes(command))).toEqual([]);
  });
});

test('the program, the template and the settings name only files that are in the repository', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const texts = [...sources.map((path) => `src/${path}`), 'template.yaml', 'samconfig.toml'];
  const named = texts.flatMap(
    (path) => readFileSync(path, 'utf8').match(/(?<![\w./-])(?:src|tests|events)\/[\w./-]*\w/g) ?? [],
  );
  expect(named.filter((path) => !isCommitted(path) && path !== 'events/env.json')).toEqual([]);
  expect(named.length).toBeGreaterThan(3);
});

test('git ignores what the reader keeps to themselves', () => {
  const own = [
    '.trading-alerts/alerts',
    'alerts.csv',
    'events/env.json',
    'key.json',
    'secret.json',
    'secrets.json',
    'users.csv',
  ];
  expect(git('check-ignore', '--no-index', ...own)).toEqual(own);
});

test('the example of the secret is one that the program reads, and its keys are plainly none', () => {
  const text = readFileSync('src/cli/examples/secrets.example.json', 'utf8');
  const { users, googleServiceAccount } = parseKeys(text);
  expect([...new Set([...users.values()].flatMap((channels) => Object.keys(channels)))]).toEqual(channelNames);
  expect(googleServiceAccount?.private_key).toMatch(/^fake/);
  const texts = [...text.matchAll(/: "([^"]*)"/g)].map(([, value = '']) => value);
  const plain = (value: string): string => (value.startsWith('whsec_') ? atob(value.slice('whsec_'.length)) : value);
  expect(texts.filter((value) => !/fake|your-project/i.test(plain(value)))).toEqual([]);
  expect(texts.length).toBeGreaterThan(9);
});
