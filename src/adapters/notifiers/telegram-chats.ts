import * as v from 'valibot';
import type { FoundAddress } from './notifier.js';
import { shownWords } from './text.js';

const Update = v.object({
  message: v.optional(
    v.object({ chat: v.object({ id: v.number(), title: v.optional(v.string()), first_name: v.optional(v.string()) }) }),
  ),
});

/** Who wrote, each once. https://core.telegram.org/bots/api#update */
export function chatsOf(updates: readonly unknown[]): FoundAddress<string>[] {
  const found = new Map<string, FoundAddress<string>>();
  for (const each of updates) {
    const update = v.safeParse(Update, each);
    const chat = update.success ? update.output.message?.chat : undefined;
    if (chat === undefined) continue;
    const address = String(chat.id);
    found.set(address, { label: shownWords(chat.title ?? chat.first_name ?? 'without a name', []), address });
  }
  return [...found.values()];
}
