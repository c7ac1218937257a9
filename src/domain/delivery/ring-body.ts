import * as v from 'valibot';
import { cutText } from '../cut-text.js';
import { err, ok, type Result } from '../result.js';

/** Which fire of which alert waits to be delivered; whatever is to be told stands on the item. */
export interface Rung {
  readonly alertId: string;
  readonly fireId: string;
  /** Others of the user that were rung for with it: whoever tells the first of them tells them all together. */
  readonly beside?: readonly string[] | undefined;
}

/** So many go in one request, and come to a worker at a time. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const ringsTogether = 10;

/** SQS takes few characters beside the printable ones, and refuses a whole batch for one: the others go as escapes. */
const inAscii = (json: string): string =>
  json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** So that ten bodies stay far below the 1 MiB of a request, however long the ids of a sheet are. */
const longestBeside = 8_000;

function fitting(ids: readonly string[]): readonly string[] {
  let left = longestBeside;
  return ids.filter((id) => {
    left -= inAscii(JSON.stringify(id)).length + 1;
    return left >= 0;
  });
}

/** No price, no text and no key: what is to be told stands on the item. */
export function ringBody({ alertId, fireId, beside = [] }: Rung): string {
  const others = fitting(beside);
  return inAscii(JSON.stringify({ v: 1, id: alertId, fireId, ...(others.length > 0 && { beside: others }) }));
}

/** A body may have a megabyte, and a line of the log would repeat it. */
const longestShown = 40;

const expected = 'expected {"v":1,"id":"…","fireId":"…"}';
const Name = v.pipe(v.string(), v.minLength(1));
const Body = v.object({ v: v.number(), id: Name, fireId: Name, beside: v.optional(v.array(Name)) });

/** What a check rang; the error says what was expected and what came. */
export function readRingBody(text: unknown): Result<Rung, string> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), text);
  if (!parsed.success) return err(`${expected}, got a body that is no JSON`);
  const version = v.safeParse(v.object({ v: v.unknown() }), parsed.output);
  if (version.success && version.output.v !== 1) {
    const got = cutText(JSON.stringify(version.output.v), longestShown);
    return err(`${expected}, got version ${got}: another version of this program rang`);
  }
  const body = v.safeParse(Body, parsed.output);
  if (body.success) {
    const { id, fireId, beside } = body.output;
    return ok({ alertId: id, fireId, ...(beside && { beside }) });
  }
  const wrong = body.issues.map((issue) => v.getDotPath(issue) ?? 'the body');
  return err(`${expected}; wrong or missing: ${wrong.join(', ')}`);
}
