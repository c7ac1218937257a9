import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createAlertStore } from '../../src/adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import { NothingChecked } from '../../src/flows/check.js';
import type { Fault, SeenRequest } from '../../src/simulators/faults.js';
import type { SimulatorName } from '../../src/simulators/start.js';
import { trafficOfExchanges } from '../support/every-exchange.js';
import { leaked } from '../support/fake-secret.js';
import { createWorld, minuteMs, received, type World } from '../support/world.js';

/** Thirty letters and digits that stand nowhere else. */
const marked = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 30);

const token = marked('token');
const users = { default: marked('default'), dmitry: marked('dmitry') };
const keys = [token, ...Object.values(users)];
const channels = ['telegram', 'discord', 'slack', 'ntfy', 'webhook'] as const;
type Channel = (typeof channels)[number];
const hookSecret = `whsec_${Buffer.from(`fake ${marked('hook secret')}`).toString('base64')}`;
const botToken = `4242424242:${marked('bot')}`;
const chatId = 7_319_582_046;
const topic = marked('topic');
const topicToken = `tk_${marked('topic token')}`;
const webhookId = '81726354908172';
const slackPath = `/services/T0FAKE/B0FAKE/${marked('slack')}`;

let world: World;
let fires = 0;
let secrets: readonly string[];
/** Who has to see what: the services a secret belongs to. */
const owners: readonly SimulatorName[] = ['pushover', 'secretsManager', ...channels];

/** One user's keys for every channel, known to the services. */
function equip(): Record<Channel, unknown> {
  const { telegram, discord, slack, ntfy, webhook } = world.simulators.channels;
  telegram.token = botToken;
  telegram.chats.set(String(chatId), 'open');
  discord.webhooks.set(webhookId, { token: marked('discord') });
  slack.webhooks.set(slackPath, 'open');
  ntfy.tokens.set(topicToken, 'dmitry');
  ntfy.protectedTopics.set(topic, ['dmitry']);
  webhook.secret = hookSecret;
  const [discordUrl, slackUrl, webhookUrl] = ['discord', 'slack', 'webhook'].map(
    (name) => world.simulators.urls[name as Channel],
  );
  return {
    telegram: chatId,
    discord: `${discordUrl}/api/webhooks/${webhookId}/${marked('discord')}?thread_id=${fires}`,
    slack: `${slackUrl}${slackPath}`,
    ntfy: { topic, token: topicToken },
    webhook: { url: `${webhookUrl}/hook?key=${marked('hook')}`, secret: hookSecret },
  };
}

function storeSecret(): void {
  const { secret, secrets: stored } = world.simulators;
  const first = { ...secret, pushover_api_token: token, pushover_users: users };
  stored.set('trading-alerts', JSON.stringify({ ...first, telegram: { token: botToken }, users: { dmitry: equip() } }));
}

/** No pace: a hundred checks of the same minute are not what is tried here. */
function quicken(): void {
  const { telegram, discord, slack, ntfy } = world.simulators.channels;
  const fast = { most: 10_000, perMs: 1 };
  telegram.limits = { chat: fast, group: fast, all: fast };
  discord.limits = { webhook: fast, channel: fast };
  slack.limit = fast;
  ntfy.limit = fast;
  ntfy.remaining = 10_000;
}

interface Sent {
  readonly to: string;
  readonly line: string;
}
const sent: Sent[] = [];

/** Address and headers of whatever leaves this program, by fetch or by the AWS SDK. */
function watchRequests(): () => void {
  const byFetch = (message: unknown) => {
    const { request } = message as { request: { origin: string; method: string; path: string; headers: unknown } };
    sent.push({ to: String(request.origin), line: JSON.stringify([request.method, request.path, request.headers]) });
  };
  const bySdk = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    const line = JSON.stringify([request.method, request.path, request.getHeaders()]);
    sent.push({ to: `http://${request.getHeader('host')}`, line });
  };
  diagnostics.subscribe('undici:request:create', byFetch);
  diagnostics.subscribe('http.client.request.start', bySdk);
  return () => {
    diagnostics.unsubscribe('undici:request:create', byFetch);
    diagnostics.unsubscribe('http.client.request.start', bySdk);
  };
}

let stopWatching: () => void;
beforeAll(async () => {
  stopWatching = watchRequests();
  world = await createWorld();
  const { simulators } = world;
  quicken();
  storeSecret();
  simulators.pushover.token = token;
  simulators.pushover.users.clear();
  for (const key of Object.values(users)) simulators.pushover.users.add(key);
  secrets = [
    ...[...keys, simulators.secret.google_service_account.private_key, botToken, String(chatId), topic, topicToken],
    ...[webhookId, marked('discord'), marked('slack'), marked('hook'), hookSecret],
  ];
  simulators.market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
  simulators.market.list('bybit', 'BTCUSDT', { price: '94001.5' });
});
afterAll(async () => {
  stopWatching();
  await world.close();
});

/** Some services repeat in their answer what they were asked. */
const repeating =
  (status: number, isHtml = false) =>
  ({ body, query }: SeenRequest): Fault => ({
    outcome: { status, body: isHtml ? `<html>${body} ${query}</html>` : repeated(body) },
  });

const repeated = (body: string) => ({
  status: 0,
  error: 'invalid_grant',
  error_description: body,
  message: body,
  errors: [body, `token ${token} of user ${users.dmitry} is not good`],
  token: token,
  user: users.dmitry,
});

const secretAnswer = (change: (secret: Record<string, unknown>) => unknown) => (): Fault => {
  const text = change(JSON.parse(world.simulators.secrets.get('trading-alerts') ?? ''));
  const SecretString = typeof text === 'string' ? text : JSON.stringify(text);
  return { outcome: { status: 200, body: { Name: 'trading-alerts', SecretString } } };
};

const refusedBySecretsManager = (__type: string) => (): Fault => ({
  outcome: { status: 400, body: { __type, Message: `${keys.join(' ')} cannot be read` } },
});

interface Attack {
  readonly what: string;
  readonly service: SimulatorName | 'every channel';
  readonly fault: (request: SeenRequest) => Fault | undefined;
}

const attack = (service: Attack['service'], what: string, fault: Attack['fault']): Attack => ({ service, what, fault });

/** What every channel's service may do, with all that it knows in its answer, in every field that any of them has. */
const echoed = ({ body, path, query }: SeenRequest): object => {
  const words = `${path}?${query} ${decodeURIComponent(body)} ${secrets.join(' chat ')} ${topicToken}/${topic}`;
  return { ok: false, description: words, message: words, error: words, errors: [words], code: 10015, http: 404 };
};
const echoing =
  (status: number, change: object = {}) =>
  (request: SeenRequest): Fault => ({
    outcome: { status, body: { ...echoed(request), error_code: status, ...change } },
  });
const channelAttacks: readonly Attack[] = [
  attack('every channel', 'is refused, and all of it repeated', echoing(400)),
  attack('every channel', 'knows no such address, and repeats it', echoing(404, { code: 40009 })),
  attack('every channel', 'has a token refused', echoing(401)),
  attack(
    'every channel',
    'has moved, and says where',
    echoing(403, { parameters: { migrate_to_chat_id: -Number(chatId) } }),
  ),
  attack('every channel', 'has too many', echoing(429, { retry_after: 3, parameters: { retry_after: 3 } })),
  attack('every channel', 'is answered by a broken server', echoing(500)),
  attack('every channel', 'is led elsewhere', (request) => ({
    outcome: { status: 307, body: '', headers: { location: `${request.path}?${request.query}` } },
  })),
  attack('every channel', 'is answered by a proxy', (request) => ({
    outcome: { status: 200, body: `<html>${JSON.stringify(echoed(request))}</html>` },
  })),
  attack('every channel', 'breaks off', () => ({ outcome: 'reset' })),
  attack('every channel', 'gets half an answer', () => ({ outcome: 'truncate' })),
];

const servicesOf = ({ service }: Attack): readonly SimulatorName[] =>
  service === 'every channel' ? channels : [service];
const spoil = (attack: Attack, fault: Attack['fault']): void => {
  for (const name of servicesOf(attack)) world.simulators.traffic[name].fault = fault;
};

const attacks: readonly Attack[] = [
  attack('binance', 'goes wrong', () => undefined),
  attack('pushover', 'is refused, and all of it repeated', repeating(400)),
  attack('pushover', 'is over its quota', repeating(429)),
  attack('pushover', 'is answered by a broken server', repeating(500)),
  attack('pushover', 'is answered by a proxy', repeating(200, true)),
  attack('pushover', 'is accepted, and all of it repeated', repeating(200)),
  attack('pushover', 'breaks off', () => ({ outcome: 'reset' })),
  attack('pushover', 'gets no answer', () => ({ outcome: 'lose-answer' })),
  attack('pushover', 'gets half an answer', () => ({ outcome: 'truncate' })),
  attack('google', 'is refused, and all of it repeated', repeating(400)),
  attack('google', 'is not allowed', repeating(403)),
  attack('google', 'is answered by a proxy', repeating(200, true)),
  attack('google', 'has a token refused', (request) =>
    request.path === '/token' ? undefined : repeating(401)(request),
  ),
  attack('secretsManager', 'denies', refusedBySecretsManager('AccessDeniedException')),
  attack('secretsManager', 'does not know the key', refusedBySecretsManager('InvalidSignatureException')),
  attack(
    'secretsManager',
    'holds half a JSON',
    secretAnswer((secret) => JSON.stringify(secret).slice(0, -30)),
  ),
  attack(
    'secretsManager',
    'holds no JSON',
    secretAnswer(() => keys.join('\n')),
  ),
  attack(
    'secretsManager',
    'holds keys with a letter too many',
    secretAnswer((secret) => ({
      ...secret,
      pushover_api_token: `${token}x`,
      pushover_users: { dmitry: `${users.dmitry}x` },
    })),
  ),
  attack(
    'secretsManager',
    'holds a key where a name belongs',
    secretAnswer((secret) => ({ ...secret, pushover_users: { [users.dmitry]: 'dmitry' } })),
  ),
  attack(
    'secretsManager',
    'holds half a private key',
    secretAnswer((secret) => ({
      ...secret,
      google_service_account: {
        client_email: 'a@b',
        private_key: world.simulators.secret.google_service_account.private_key.slice(0, 900),
      },
    })),
  ),
  attack('binance', 'refuses the region', repeating(451)),
  attack('binance', 'answers with a page', repeating(200, true)),
  ...channelAttacks,
];

/** An alert that fires now, and one that has a key where a name belongs. */
function writeRows(): void {
  fires += 1;
  // Discord's webhook is another one each time: what said that it is gone is not called again.
  storeSecret();
  world.rows(
    ['BTCUSDT', 'above', 90000 + fires, 'dmitry'],
    ['BTCUSDT', 'above', 99000, users.dmitry],
    ['BTCUSDT', 'above', 99000, 'dmitry', '', true, 'quiet'],
  );
}

async function allItems(): Promise<unknown> {
  const client = createStoreClient();
  const { Items } = await client.send(new ScanCommand({ TableName: 'trading-alerts' }));
  client.destroy();
  return Items;
}

const isFor = (name: SimulatorName, { to }: Sent): boolean => {
  const addresses: Partial<Record<SimulatorName, string>> = {
    ...world.simulators.urls,
    pushover: world.environment.PUSHOVER_BASE_URL ?? '',
    secretsManager: world.environment.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? '',
  };
  return addresses[name] === to;
};

/** Everything that others than the owners of the secrets came to see. */
async function seenByOthers(results: readonly unknown[]): Promise<unknown> {
  const bodies = Object.entries(world.simulators.traffic).flatMap(([name, { requests }]) =>
    owners.includes(name as SimulatorName) ? [] : requests,
  );
  const lines = sent.filter((each) => !owners.some((owner) => isFor(owner, each)));
  // A bot's token and a webhook's address have no other place.
  const isAddressed = (each: Sent) => channels.some((channel) => isFor(channel, each));
  const urls = sent.filter((each) => !isAddressed(each)).map(({ line }) => JSON.parse(line)[1]);
  return { results, log: world.log, metrics: world.metrics, items: await allItems(), bodies, lines, urls };
}

describe('no secret is to be seen where', () => {
  test.each(attacks)('$service $what', async (attack) => {
    const { service } = attack;
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const { traffic, pushover } = world.simulators;
    sent.length = 0;
    world.log.length = 0;
    pushover.received.length = 0;
    for (const { requests } of Object.values(traffic)) requests.length = 0;
    writeRows();
    const check = world.handler();
    spoil(attack, attack.fault);
    const first = await check().catch((error: unknown) => error);
    const isAsked = channels.map((channel) => traffic[channel].requests.length > 0);
    if (service === 'every channel') expect(isAsked).toEqual(channels.map(() => true));
    spoil(attack, () => undefined);
    world.pass(24 * 60 * minuteMs);
    const second = await world
      .handler()()
      .catch((error: unknown) => error);
    expect(leaked(await seenByOthers([first, second]), secrets)).toEqual([]);
    // The checks were whole ones: what fired went out in the end, with its keys to whom they belong.
    expect(received(world).length + Number(service === 'pushover')).toBeGreaterThanOrEqual(1);
    expect(leaked(traffic.secretsManager.requests, secrets)).toEqual([]);
    jest.restoreAllMocks();
  });

  test('it does not belong, and the watch sees what goes where', async () => {
    sent.length = 0;
    const { traffic } = world.simulators;
    traffic.pushover.requests.length = 0;
    writeRows();
    await world.handler()();
    expect(leaked([traffic.pushover.requests], secrets)).toEqual([token, users.dmitry]);
    const lines = (address: string | undefined) => sent.filter(({ to }) => to === address).map(({ line }) => line);
    const { environment } = world;
    expect(lines(environment.PUSHOVER_BASE_URL)).toEqual([expect.stringContaining('/1/messages.json')]);
    expect(lines(environment.BINANCE_BASE_URL)).toEqual([expect.stringContaining('/api/v3/ticker/24hr')]);
    expect(lines(environment.GOOGLE_SHEETS_BASE_URL).join()).toMatch(/authorization.*Bearer simulated-/i);
    expect(lines(environment.AWS_ENDPOINT_URL_DYNAMODB).join()).toMatch(/authorization.*AWS4-HMAC-SHA256/i);
    expect(leaked(await seenByOthers([users.dmitry]), secrets)).toEqual([users.dmitry]);
  });

  test('DynamoDB refuses the signature and repeats the request', async () => {
    writeRows();
    const client = createStoreClient();
    const refuse = () => () =>
      Promise.reject(
        Object.assign(new Error(`The request signature does not match.\nx-amz-security-token:${marked('session')}`), {
          name: 'InvalidSignatureException',
        }),
      );
    client.middlewareStack.add(refuse as never, { step: 'finalizeRequest', priority: 'low' });
    const store = createAlertStore({ client, tableName: 'trading-alerts' });
    const whole = await world
      .handler({ store })()
      .catch((error: unknown) => error);
    const written = await world.handler({ store: { ...world.store, claim: store.claim } })();
    client.destroy();
    expect(whole).toMatchObject({ name: 'StoreError', message: expect.stringContaining('InvalidSignatureException') });
    expect(written.problems).toEqual([expect.stringContaining('InvalidSignatureException')]);
    // The cause is for the debugger; what Lambda logs of an error is its message and stack.
    const shown = [(whole as Error).message, (whole as Error).stack, written];
    expect(leaked(await seenByOthers(shown), [...secrets, marked('session')])).toEqual([]);
  });

  test('no exchange answers at all', async () => {
    const exchanges = trafficOfExchanges(world.simulators);
    for (const exchange of exchanges) exchange.fault = repeating(451);
    writeRows();
    const error = await world
      .handler()()
      .catch((thrown: unknown) => thrown);
    for (const exchange of exchanges) exchange.fault = () => undefined;
    expect(error).toBeInstanceOf(NothingChecked);
    expect(leaked(await seenByOthers([error]), secrets)).toEqual([]);
  });
});

/** The built bundle with everything that it writes; each line that it is given is one invocation. */
function startBundle(environment: Readonly<Record<string, string>>): { child: ChildProcess; shown: string[] } {
  const program = `
    const { handler } = await import(process.argv[1]);
    process.stdin.setEncoding('utf8').on('data', async () => {
      const answer = await handler({}, { getRemainingTimeInMillis: () => 60000 }).catch((error) => {
        console.error(error);
      });
      process.stdout.write(JSON.stringify(answer) + '\\nENDED\\n');
    });`;
  const bundle = join(process.cwd(), 'dist', 'check.mjs');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, bundle], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const shown: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => shown.push(line));
  }
  return { child, shown };
}

test('the built bundle writes no secret to its output, whatever goes wrong', async () => {
  const session = { AWS_SECRET_ACCESS_KEY: marked('access'), AWS_SESSION_TOKEN: marked('session') };
  let invocations = 0;
  for (const fresh of [
    attacks.filter(({ service }) => service !== 'secretsManager'),
    ...attacks.filter(({ service }) => service === 'secretsManager').map((attack) => [attack]),
  ]) {
    const { child, shown } = startBundle({
      ...world.environment,
      ...session,
      LOG_LEVEL: 'DEBUG',
      POWERTOOLS_DEV: 'true',
    });
    const ended = () => shown.filter((line) => line === 'ENDED').length;
    for (const attack of fresh) {
      writeRows();
      spoil(attack, attack.fault);
      const before = ended();
      child.stdin?.write('next\n');
      while (ended() === before && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
      spoil(attack, () => undefined);
      invocations += 1;
    }
    child.kill();
    expect(child.exitCode).toBeNull();
    expect(shown.length).toBeGreaterThan(3 * fresh.length);
    expect(leaked(shown, [...secrets, ...Object.values(session)])).toEqual([]);
  }
  expect(invocations).toBe(attacks.length);
});
