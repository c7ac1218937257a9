import * as v from 'valibot';
import type { Worker } from '../app.js';
import type { LambdaContext } from './check-handler.js';

const expectedEvent = 'expected an event of SQS, {"Records":[{"messageId":"…","body":"…"}]}';
const Event = v.object({ Records: v.array(v.unknown()) }, expectedEvent);
/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html; the body is read where its version is known. */
const Message = v.object({ messageId: v.pipe(v.string(), v.minLength(1)), body: v.optional(v.unknown()) });

/** Without a context, as a script calls it: the function's own timeout. */
const timeWithoutLambdaMs = 30_000;

export interface BatchResponse {
  /** An identifier that is of no message of the batch would make all of it come again. */
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export function createDeliverHandler(worker: Worker, now: () => number = Date.now) {
  return async (event: unknown, context?: Partial<LambdaContext>): Promise<BatchResponse> => {
    const remainingMs = context?.getRemainingTimeInMillis?.() ?? timeWithoutLambdaMs;
    const deadline = now() + remainingMs;
    const parsed = v.safeParse(Event, event);
    if (!parsed.success) throw new Error(`the event is not right: ${expectedEvent}`);
    const messages = parsed.output.Records.map((record, index) => {
      const message = v.safeParse(Message, record);
      // Without a name it cannot be asked for again either, and is dropped with its place in the batch.
      return message.success
        ? { messageId: message.output.messageId, body: message.output.body }
        : { messageId: `number ${index + 1} of the batch, without a messageId`, body: undefined };
    });
    const unfinished = await worker.deliver({ messages, deadline });
    return { batchItemFailures: unfinished.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
