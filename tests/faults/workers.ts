import type { Message, SceneQueue } from './queue.js';
import type { Clock, Turns } from './turns.js';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html: a batch, and the template's `MaximumConcurrency`. */
const batchSize = 10;
const atOnce = 2;
/** The worker's timeout in the template. */
const timeoutMs = 30_000;

/** Before the clean runs and during them. */
export const isWorker = (run: string): boolean => /^[WX]/.test(run);

/** Which of the messages come again. */
export type Work = (worker: {
  readonly name: string;
  /** Which of the processes it is; each remembers what it has learnt. */
  readonly slot: number;
  readonly messages: readonly Message[];
  readonly deadline: number;
}) => Promise<readonly string[]>;

/** What Lambda does between the queue and its workers, in the time of a scenario. */
export function createWorkers(settings: {
  readonly queue: SceneQueue;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly random: () => number;
  readonly work: Work;
  readonly onError: (error: unknown) => void;
}) {
  const { queue, turns, clock, random, work, onError } = settings;
  const slots: (string | undefined)[] = Array.from({ length: atOnce }, () => undefined);
  const begun: Record<string, number> = {};

  function begin(slot: number, kind: string, messages: readonly Message[]): void {
    const count = (begun[kind] ?? 0) + 1;
    begun[kind] = count;
    const name = `${kind}${count}`;
    slots[slot] = name;
    const deadline = clock.now + timeoutMs;
    const run = work({ name, slot, messages, deadline }).then(
      (unfinished) => queue.delete(messages.filter(({ messageId }) => !unfinished.includes(messageId))),
      // All of the batch comes again.
      onError,
    );
    const end = run.then(() => {
      slots[slot] = undefined;
    });
    turns.join(name, end, deadline);
  }

  return {
    /** As many as there are messages and free slots for, each with some of them. */
    begin(kind: string): void {
      for (const [slot, name] of slots.entries()) {
        if (name !== undefined && !turns.died.has(name)) continue;
        const messages = queue.receive(1 + Math.floor(random() * batchSize), clock.now);
        if (messages.length > 0) begin(slot, kind, messages);
      }
    },
    /** When there is something for them to do (ms). */
    nextAt: queue.nextAt,
  };
}
