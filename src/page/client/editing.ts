import type { Result } from '../../domain/result.js';
import type { AlertView, Edited, PageState, Refused, RowEdit } from '../protocol.js';
import { type Answer, changeAlert, createAlert, rearmAlert, removeAlert, retryAlert, syncNow } from './api.js';
import { titleOf } from './shown.js';

export interface Notice {
  readonly kind: 'done' | 'wrong';
  readonly text: string;
}

/** What every screen is drawn from, and what it may do. */
export interface Page {
  readonly state: PageState;
  readonly edits: Edits;
  say(notice: Notice): void;
}

export interface Edits {
  create(row: RowEdit): Answer<Edited>;
  change(id: string, row: RowEdit): Answer<Edited>;
  /** Each by itself, in turn, since every one writes the sheet; says what came of them. */
  pause(alerts: readonly AlertView[]): Promise<void>;
  resume(alerts: readonly AlertView[]): Promise<void>;
  rearm(alerts: readonly AlertView[]): Promise<void>;
  /** What waits to be sent is due at the next check. */
  retry(alerts: readonly AlertView[]): Promise<void>;
  /** Reads the sheet now. */
  sync(): Promise<void>;
  /** Those that are gone now. */
  remove(alerts: readonly AlertView[]): Promise<readonly string[]>;
}

export const refusalText = ({ message, remedy }: Refused): string =>
  remedy === undefined ? message : `${message}; ${remedy}`;

interface Outcome {
  readonly alert: AlertView;
  readonly answer: Result<Edited, Refused>;
}

const counted = (alerts: readonly AlertView[]): string =>
  alerts.length === 1 && alerts[0] !== undefined ? titleOf(alerts[0]) : `${alerts.length} alerts`;

function told(outcomes: readonly Outcome[], done: string): Notice[] {
  const good = outcomes.filter(({ answer }) => answer.ok).map(({ alert }) => alert);
  const bad = outcomes.flatMap(({ alert, answer }) =>
    answer.ok ? [] : [`${titleOf(alert)}: ${refusalText(answer.error)}`],
  );
  return [
    ...(good.length > 0 ? [{ kind: 'done' as const, text: `${done} ${counted(good)}` }] : []),
    ...(bad.length > 0 ? [{ kind: 'wrong' as const, text: `Not ${done.toLowerCase()}: ${bad.join(' · ')}` }] : []),
  ];
}

/** `reload` brings what the server has now, so that a page whose stream is broken shows its own edits too. */
export function editsOf(say: Page['say'], reload: () => Promise<void>): Edits {
  async function reloaded<T>(answer: Answer<T>): Answer<T> {
    const settled = await answer;
    await reload();
    return settled;
  }

  async function each(alerts: readonly AlertView[], done: string, edit: (alert: AlertView) => Answer<Edited>) {
    const outcomes: Outcome[] = [];
    for (const alert of alerts) outcomes.push({ alert, answer: await edit(alert) });
    await reload();
    for (const notice of told(outcomes, done)) say(notice);
    return outcomes.filter(({ answer }) => answer.ok).map(({ alert }) => alert.id);
  }

  return {
    create: (row) => reloaded(createAlert(row)),
    change: (id, row) => reloaded(changeAlert(id, row)),
    pause: async (alerts) => void (await each(alerts, 'Paused', ({ id }) => changeAlert(id, { active: 'FALSE' }))),
    resume: async (alerts) => void (await each(alerts, 'Resumed', ({ id }) => changeAlert(id, { active: 'TRUE' }))),
    rearm: async (alerts) => void (await each(alerts, 'Armed again', ({ id }) => rearmAlert(id))),
    retry: async (alerts) => void (await each(alerts, 'Sent at the next check:', ({ id }) => retryAlert(id))),
    async sync() {
      const synced = await reloaded(syncNow());
      say(synced.ok ? { kind: 'done', text: 'Read the sheet' } : { kind: 'wrong', text: refusalText(synced.error) });
    },
    remove: (alerts) => each(alerts, 'Deleted', ({ id }) => removeAlert(id)),
  };
}
