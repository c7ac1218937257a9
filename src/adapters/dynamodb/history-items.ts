import * as v from 'valibot';
import { expectedGot, Text } from '../../domain/fields/field.js';
import {
  type ChangeRecord,
  type FireRecord,
  type HistoryRecord,
  type RecordedAlert,
  type RecordedOutcome,
  rowChanges,
} from '../../domain/history.js';
import { err, ok, type Result } from '../../domain/result.js';
import { entityTypes } from './attributes.js';
import { Instant, instantText } from './instant.js';
import { fundingFields, triggerAttributes, triggerFields, triggerOf } from './trigger.js';

/** One attribute a channel, so that runs that write the same fire add to each other. */
const outcomePrefix = 'outcome_';
const acknowledgedPrefix = 'acknowledged_';

export const acknowledgedAttribute = (channel: string): string => `${acknowledgedPrefix}${channel}`;

const alertAttributes = ({ id, user, name, symbol, condition, target }: RecordedAlert) => ({
  ...{ alert_id: id, user_id: user, symbol, condition, target_price: target },
  name: name === '' ? undefined : name,
});

/** When the table's time to live deletes it: in whole seconds, as DynamoDB wants it. */
const deleteAt = (at: number, keptMs: number): number => Math.ceil((at + keptMs) / 1000);

/** Without the key and the outcomes. */
export const fireAttributes = (fire: FireRecord, keptMs: number) => ({
  entity_type: entityTypes.history,
  what: fire.kind,
  fire_id: fire.fireId,
  delete_at: deleteAt(fire.at, keptMs),
  ...alertAttributes(fire.alert),
  ...triggerAttributes(fire.trigger),
});

/** Without the key. */
export const changeAttributes = ({ kind, at, alert, fields }: ChangeRecord, keptMs: number) => ({
  entity_type: entityTypes.history,
  what: kind,
  delete_at: deleteAt(at, keptMs),
  ...alertAttributes(alert),
  fields: fields.length === 0 ? undefined : fields.join(' '),
});

export const outcomeAttribute = ({ channel, ...rest }: RecordedOutcome): readonly [name: string, text: string] => {
  const stored = rest.outcome === 'accepted' ? { outcome: rest.outcome, at: instantText(rest.at) } : rest;
  return [`${outcomePrefix}${channel}`, JSON.stringify(stored)];
};

const StoredOutcome = v.pipe(
  v.string(),
  v.parseJson(),
  v.variant('outcome', [
    v.object({ outcome: v.literal('accepted'), at: Instant }),
    v.object({ outcome: v.picklist(['refused', 'given-up']), detail: v.optional(v.string()) }),
  ]),
);

/** In the order of their names: what DynamoDB gives has none. */
function outcomesOf(item: Readonly<Record<string, unknown>>): readonly RecordedOutcome[] {
  const names = Object.keys(item).filter((name) => name.startsWith(outcomePrefix));
  return names.toSorted().flatMap((name): readonly RecordedOutcome[] => {
    const read = v.safeParse(StoredOutcome, item[name]);
    if (!read.success) return [];
    const channel = name.slice(outcomePrefix.length);
    if (read.output.outcome !== 'accepted') {
      const { outcome, detail } = read.output;
      return [{ channel, outcome, detail }];
    }
    const acknowledged = v.safeParse(Instant, item[acknowledgedAttribute(channel)]);
    const acknowledgedAt = acknowledged.success ? { acknowledgedAt: acknowledged.output } : {};
    return [{ channel, ...read.output, ...acknowledgedAt }];
  });
}

const recorded = {
  id: v.pipe(Text, v.regex(/^[^#]+#/, 'expected an instant, # and whose it is')),
  alert_id: Text,
  user_id: Text,
  name: v.optional(v.string(), ''),
  symbol: Text,
  condition: Text,
  target_price: Text,
};
const FireItem = v.object({ ...recorded, what: v.literal('fired'), fire_id: Text, ...triggerFields });
const FundingItem = v.object({ ...FireItem.entries, ...fundingFields });
const ChangeItem = v.object({ ...recorded, what: v.picklist(rowChanges), fields: v.optional(v.string(), '') });
const whatExpected = `expected fired, ${rowChanges.join(', ')}`;
const Item = v.variant('what', [FireItem, ChangeItem], whatExpected);
const ItemWithFunding = v.variant('what', [FundingItem, ChangeItem], whatExpected);

/** The error says which attributes are wrong: only an edit by hand makes an item that cannot be read. */
export function readHistoryItem(item: Readonly<Record<string, unknown>>): Result<HistoryRecord, string> {
  const schema = item.funding_interval_hours === undefined ? Item : ItemWithFunding;
  const parsed = v.safeParse(schema, item, { message: (issue) => `expected ${issue.expected}` });
  const at = v.safeParse(Instant, String(item.id).split('#')[0]);
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => {
      const attribute = String(issue.path?.[0]?.key);
      return expectedGot(attribute, issue.message, item[attribute]);
    });
    return err(problems.join('; '));
  }
  if (!at.success) return err(expectedGot('id', at.issues[0].message, item.id));
  const { output } = parsed;
  const { alert_id: id, user_id: user, name, symbol, condition, target_price: target } = output;
  const known = { at: at.output, alert: { id, user, name, symbol, condition, target } };
  if (output.what !== 'fired')
    return ok({ ...known, kind: output.what, fields: output.fields.split(' ').filter(Boolean) });
  const { fire_id: fireId } = output;
  return ok({ ...known, kind: 'fired', fireId, trigger: triggerOf(output), channels: outcomesOf(item) });
}
