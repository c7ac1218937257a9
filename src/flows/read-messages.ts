import { type Rung, readRingBody } from '../domain/delivery/ring-body.js';

/** As the queue gave it. */
export interface WrittenMessage {
  readonly messageId: string;
  readonly body: unknown;
}

export interface HeardMessage extends Rung {
  readonly messageId: string;
}

const keyOf = ({ alertId, fireId }: Rung): string => JSON.stringify([alertId, fireId]);

/**
 * `rungs`: each fire once. A queue may deliver twice into one batch, and a run that took an alert over twice would find its
 * own lease and send twice.
 */
export function readMessages(written: readonly WrittenMessage[]) {
  const heard: HeardMessage[] = [];
  const dropped: string[] = [];
  for (const { messageId, body } of written) {
    const read = readRingBody(body);
    if (read.ok) heard.push({ messageId, ...read.value });
    else dropped.push(`message ${messageId}: ${read.error}`);
  }
  const rungs = [...new Map(heard.map(({ messageId: _, ...rung }) => [keyOf(rung), rung] as const)).values()];
  return { heard, rungs, dropped };
}

/** Which of the messages rang one of these. */
export function messagesOf(heard: readonly HeardMessage[], rungs: readonly Rung[]): readonly string[] {
  const keys = new Set(rungs.map(keyOf));
  return heard.flatMap((each) => (keys.has(keyOf(each)) ? [each.messageId] : []));
}
