import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import { chunksOf } from '../../domain/chunks.js';
import { ringBody, ringsTogether } from '../../domain/delivery/ring-body.js';
import { groupBy } from '../../domain/group-by.js';
import { fingerprint } from '../../domain/identity.js';
import { type Problem, problemText } from '../../domain/problem.js';
import type { Doorbell, Ring, RingResult } from '../../flows/ports/doorbell.js';
import { queueProblem, refusedEntry } from './queue-problem.js';

const batchesAtATime = 10;

/** What a group may be called. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const groupName = /^[!-~]{1,128}$/;

/** On a queue that is not FIFO a group only shares out the turns. Other names of users are told apart all the same. */
const groupOf = (user: string): string => (groupName.test(user) ? user : fingerprint([user]));

/** Ten of ours are far below the 1 MiB that a request may have. */
const batchesOf = (rings: readonly Ring[]): Ring[][] =>
  chunksOf([...groupBy(rings, ({ user }) => user).values()].flat(), ringsTogether);

function sendBatch(client: SQSClient, queueUrl: string, rings: readonly Ring[]) {
  const Entries = rings.map((ring, index) => ({
    Id: String(index),
    MessageBody: ringBody(ring),
    MessageGroupId: groupOf(ring.user),
    ...(ring.delaySeconds !== undefined && { DelaySeconds: ring.delaySeconds }),
  }));
  return client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}

/** Rings by messages of an SQS queue. */
export function createDoorbell(client: SQSClient, queueUrl: string): Doorbell {
  return {
    async ring(rings) {
      const limit = pLimit(batchesAtATime);
      // One that failed as a whole had all of the client's attempts; the others would wait as long for the same.
      let failure: Problem | undefined;

      async function ringBatch(batch: readonly Ring[]): Promise<RingResult> {
        if (failure !== undefined) return { refused: batch, problems: [failure] };
        try {
          const { Successful = [], Failed = [] } = await sendBatch(client, queueUrl, batch);
          const heard = new Set(Successful.map(({ Id }) => Id));
          const refused = batch.filter((_, index) => !heard.has(String(index)));
          return { refused, problems: refused.length === 0 ? [] : [refusedEntry(Failed[0])] };
        } catch (error) {
          failure ??= queueProblem(error, queueUrl);
          return { refused: batch, problems: [failure] };
        }
      }

      const results = await Promise.all(batchesOf(rings).map((batch) => limit(() => ringBatch(batch))));
      const problems = results.flatMap((each) => each.problems);
      return {
        refused: results.flatMap(({ refused }) => refused),
        problems: [...new Map(problems.map((problem) => [problemText(problem), problem])).values()],
        ...(failure !== undefined && { isDown: true }),
      };
    },
  };
}
