import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import * as v from 'valibot';
import { createSimulator, type SimulatorEnv, type Traffic } from './faults.js';

const Request = v.object({ SecretId: v.string() });

const arnOf = (name: string): string => `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${name}-AbCdEf`;

/** AWS JSON 1.1. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export function secretsManagerSimulator(
  secrets: ReadonlyMap<string, string>,
  traffic: Traffic,
  now: () => number,
): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  app.post('/', async (c) => {
    c.header('x-amzn-requestid', randomUUID());
    const answer = (body: object, status: 200 | 400) =>
      c.body(JSON.stringify(body), status, { 'content-type': 'application/x-amz-json-1.1' });
    const refuse = (__type: string, Message: string) => answer({ __type, Message }, 400);
    if (c.req.header('x-amz-target') !== 'secretsmanager.GetSecretValue') {
      return refuse('UnknownOperationException', 'only GetSecretValue is simulated');
    }
    const request = v.safeParse(v.pipe(v.string(), v.parseJson(), Request), await c.req.text());
    if (!request.success) return refuse('InvalidRequestException', 'expected a SecretId');
    const { SecretId } = request.output;
    const found = [...secrets].find(([name]) => SecretId === name || SecretId === arnOf(name));
    if (found === undefined) {
      return refuse('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    const [name, text] = found;
    const versions = { VersionId: randomUUID(), VersionStages: ['AWSCURRENT'], CreatedDate: now() / 1_000 };
    return answer({ ARN: arnOf(name), Name: name, SecretString: text, ...versions }, 200);
  });
  return app;
}
