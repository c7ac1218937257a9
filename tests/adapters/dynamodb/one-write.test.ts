import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from '../../../src/cli/embedded-dynamodb.js';
import { header } from '../../support/builders.js';
import { serve } from '../../support/loopback.js';
import { createWorld, minuteMs, received, type World } from '../../support/world.js';

interface Request {
  readonly operation: string;
  readonly body: {
    readonly Key?: { readonly id?: { readonly S?: string } };
    readonly UpdateExpression?: string;
    readonly ConditionExpression?: string;
    readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>;
  };
}

const reads = new Set(['Query', 'GetItem', 'DescribeTable']);

/** Between the product and the embedded DynamoDB: every request as it is on the wire. */
async function startWire(database: EmbeddedDynamoDb) {
  const requests: Request[] = [];
  const app = new Hono();
  app.post('/', async (c) => {
    const text = await c.req.text();
    requests.push({ operation: c.req.header('x-amz-target')?.split('.').at(-1) ?? '', body: JSON.parse(text) });
    const { host: _, 'content-length': __, connection: ___, ...headers } = c.req.header();
    const answer = await fetch(database.url, { method: 'POST', headers, body: text });
    return new Response(await answer.text(), { status: answer.status, headers: answer.headers });
  });
  return { requests, ...(await serve(app)) };
}

let database: EmbeddedDynamoDb;
let wire: Awaited<ReturnType<typeof startWire>>;
let world: World;
let rows = 0;
beforeAll(async () => {
  database = await startEmbeddedDynamoDb();
  wire = await startWire(database);
  world = await createWorld({ AWS_ENDPOINT_URL_DYNAMODB: wire.url });
});
afterAll(async () => {
  await world.close();
  await wire.close();
  await database.close();
});

/** What an update makes of the status, as its own expression says. */
function statusAfter({ UpdateExpression = '', ExpressionAttributeValues = {} }: Request['body']): string | undefined {
  const [, mark = ''] = /#status = (:\w+)/.exec(UpdateExpression) ?? [];
  return ExpressionAttributeValues[mark]?.S;
}

test.each([
  { condition: 'above', repeat: '', after: 'triggered' },
  { condition: 'above', repeat: 'always', after: 'pending' },
  { condition: 'above', repeat: '1m', after: 'pending' },
  { condition: 'above', repeat: '1h', after: 'pending' },
  { condition: 'above', repeat: 'back 0.5%', after: 'pending' },
  { condition: 'above', repeat: '1h back', after: 'pending' },
  { condition: 'crosses up', repeat: 'always', after: 'pending' },
  { condition: 'rises from low', price: '1%', repeat: '1h', after: 'pending' },
])(
  'a fire is two conditional writes, the claim and the commit, and one into the history between them: $condition, repeat "$repeat"',
  async ({ condition, price = '95000', repeat, after }) => {
    const { google, market } = world.simulators;
    rows += 1;
    const id = `row-${rows}`;
    market.list('binance', 'BTCUSDT', { price: '94000.00' });
    const cells = ['BTCUSDT', condition, price, 'dmitry', 'binance', true, '', '', id, repeat];
    google.tabs.set('Alerts', [[...header, 'repeat'], cells]);
    await world.check();
    const armed = await world.store.list();
    world.pass(5 * minuteMs);
    market.setPrice('binance', 'BTCUSDT', '95180.00');
    wire.requests.length = 0;
    const told = received(world).length;
    await world.check();
    const writes = wire.requests.filter(({ operation }) => !reads.has(operation));
    const others = writes.filter(({ body }) => body.Key?.id?.S !== id).map(({ operation }) => operation);
    expect(others).toEqual(['UpdateItem', 'PutItem', 'PutItem']); // the history, the checkpoint and the last summary
    expect(writes.map(({ body }) => body.Key?.id?.S === id)).toEqual([true, false, true, false, false]);
    const ours = writes.filter(({ body }) => body.Key?.id?.S === id);
    expect(ours.map(({ operation, body }) => `${operation} ${statusAfter(body)}`)).toEqual([
      'UpdateItem notifying',
      `UpdateItem ${after}`,
    ]);
    const [, commit] = ours;
    expect(commit?.body.ConditionExpression).toMatch(/#fire_id = :\w+ AND #status = :\w+/);
    expect(commit?.body.UpdateExpression).toMatch(/#triggered_count = :\w+/);
    expect(received(world)).toHaveLength(told + 1);
    const before = armed.alerts.find((alert) => alert.id === id);
    const fired = (await world.store.list()).alerts.find((alert) => alert.id === id);
    expect(fired).toMatchObject({ status: after, triggeredCount: 1 });
    if (repeat !== '') expect(fired?.armedAt).toBeGreaterThan(before?.armedAt ?? Number.POSITIVE_INFINITY);
  },
);
