import * as v from 'valibot';
import type { Result } from '../../domain/result.js';
import type { NoAnswer, Reply } from '../http.js';
import { bodyOf, under } from './answers.js';
import type { Problem } from './notification.js';
import type { AccountContext, Receipts } from './notifier.js';
import { shownWords } from './text.js';

type Application = AccountContext<{ readonly token: string }>;

const flag = v.fallback(v.number(), 0);
const Receipt = v.object({
  status: v.literal(1),
  acknowledged: v.number(),
  acknowledged_at: flag,
  expired: flag,
  expires_at: flag,
});
const Refused = v.object({ receipt: v.optional(v.unknown()), errors: v.fallback(v.array(v.string()), []) });
const Cancelled = v.object({ status: v.literal(1) });

function problemOf(reply: Result<Reply, NoAnswer>, { account, places }: Application): Problem {
  const remedy = 'nothing: it is asked again at the next check';
  if (!reply.ok) return { detail: `Pushover did not answer (${reply.error.detail})`, remedy };
  const { status } = reply.value;
  const words = shownWords((bodyOf(Refused, reply.value)?.errors ?? []).join('; '), account) || `HTTP ${status}`;
  const isOfToken = status >= 400 && status < 500 && status !== 429;
  const detail = `Pushover tells nothing of the receipt (${words})`;
  return { detail, remedy: isOfToken ? `check ${places.account} in the secret` : remedy };
}

/** A receipt that Pushover no longer knows is settled: it keeps them for a week. The status is 404 or 400, so the body decides. */
const isForgotten = (reply: Reply): boolean =>
  reply.status >= 400 && reply.status < 500 && bodyOf(Refused, reply)?.receipt !== undefined;

/** A comma would part it into two. */
export const tagOf = (notificationId: string): string => notificationId.replaceAll(',', '_');

/** Asked at most once in 5 s. Who acknowledged is not told on: it is a user's key. https://pushover.net/api/receipts */
export const receipts: Receipts<{ readonly token: string }> = {
  async read(context, receipt) {
    const url = under(context.origin, `/1/receipts/${encodeURIComponent(receipt)}.json`);
    url.searchParams.set('token', context.account.token);
    const reply = await context.transport({ method: 'get', url });
    if (reply.ok && isForgotten(reply.value)) return { kind: 'expired' };
    const body = reply.ok && reply.value.status === 200 ? bodyOf(Receipt, reply.value) : undefined;
    if (body === undefined) return { kind: 'unknown', problem: problemOf(reply, context) };
    // `expired` is set on what was acknowledged in time, too.
    if (body.acknowledged === 1) {
      return { kind: 'acknowledged', at: body.acknowledged_at > 0 ? body.acknowledged_at * 1000 : undefined };
    }
    const isOver = body.expired === 1 || (body.expires_at > 0 && body.expires_at * 1000 <= context.now());
    return { kind: isOver ? 'expired' : 'waiting' };
  },
  async cancel(context, id) {
    const path = `/1/receipts/cancel_by_tag/${encodeURIComponent(tagOf(id))}.json`;
    const body = new URLSearchParams({ token: context.account.token });
    const reply = await context.transport({ method: 'post', url: under(context.origin, path), body });
    const isOver = reply.ok && reply.value.status === 200 && bodyOf(Cancelled, reply.value) !== undefined;
    return isOver || (reply.ok && isForgotten(reply.value)) ? undefined : problemOf(reply, context);
  },
};
