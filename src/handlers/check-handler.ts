import * as v from 'valibot';
import type { App } from '../app.js';
import type { Summary } from '../flows/summary.js';

/** Anything but an event that asks for a dry run is a full run. */
const DryRunEvent = v.object({ dryRun: v.boolean('expected "dryRun" to be true or false') });

/** What this program needs of Lambda's context. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

const asksForDryRun = (event: unknown): boolean => typeof event === 'object' && event !== null && 'dryRun' in event;

/** `"dryRun": "yes"` must not become a full run, so a wrong value ends the invocation with a message. */
function readEvent(event: unknown): { isDryRun: boolean } {
  if (!asksForDryRun(event)) return { isDryRun: false };
  const parsed = v.safeParse(DryRunEvent, event);
  if (!parsed.success)
    throw new Error(`the event is not right: ${parsed.issues.map(({ message }) => message).join('; ')}`);
  return { isDryRun: parsed.output.dryRun };
}

/** Without a context, as a script calls it: less than the lease of a claim, see domain/delivery.ts. */
const timeWithoutLambdaMs = 120_000;

export function createCheckHandler(app: App, now: () => number = Date.now) {
  return async (event?: unknown, context?: Partial<LambdaContext>): Promise<Summary> => {
    const remainingMs = context?.getRemainingTimeInMillis?.() ?? timeWithoutLambdaMs;
    return app.check({ ...readEvent(event), deadline: now() + remainingMs });
  };
}
