import type { Rung } from '../../domain/delivery/ring-body.js';
import type { Problem } from '../../domain/problem.js';

export interface Ring extends Rung {
  /** One user's storm is not to hold up the others. */
  readonly user: string;
  /** 0 to 900; left out, at once. */
  readonly delaySeconds?: number;
}

export interface RingResult {
  readonly refused: readonly Ring[];
  /** Why, each reason once. */
  readonly problems: readonly Problem[];
  /** A whole request failed, with all of its attempts: the next one would wait as long for the same. */
  readonly isDown?: boolean;
}

/** Every ring may be lost or heard twice: the item is what counts. */
export interface Doorbell {
  /** In requests of ten; those of a user stand together, so that whoever delivers can gather them. Never fails. */
  ring(rings: readonly Ring[]): Promise<RingResult>;
}

/** The longest that a queue puts a message off. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatchRequestEntry.html */
export const longestDelaySeconds = 900;
