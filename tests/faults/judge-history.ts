import type { Fire } from './fires.js';
import type { Played } from './scenario.js';

type Judged = Pick<Played, 'history' | 'trace'>;

/** What the history does not say of a fire as it has to: once, by its claim, with who accepted, and before the commit. */
export function historyProblems(
  alertId: string,
  fires: readonly Fire[],
  { history, trace }: Judged,
): readonly string[] {
  const own = history.filter((each) => each.alert.id === alertId);
  const unknown = own.filter(({ fireId }) => fires.every((fire) => fire.fireId !== fireId));
  return [
    ...unknown.map(({ fireId }) => `${fireId} is in the history, and nobody claimed it`),
    ...fires.flatMap(({ fireId, commit }) => {
      const items = own.filter((each) => each.fireId === fireId);
      if (items.length !== 1) return [`${fireId} is in the history ${items.length} times`];
      const isAccepted = items[0]?.channels.some(({ outcome }) => outcome === 'accepted');
      const notedAt = trace.flatMap((entry) =>
        entry.operation === 'noteFire' && entry.fireId === fireId ? (entry.doneAt ?? []) : [],
      );
      const isLate = commit !== undefined && Math.min(...notedAt) >= commit.index && notedAt.length > 0;
      return [
        ...(isAccepted ? [] : [`${fireId} is in the history, and no channel accepted`]),
        ...(isLate ? [`${fireId} was committed before it was in the history`] : []),
      ];
    }),
  ];
}
