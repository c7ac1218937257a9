import { type FaultKind, kindsOf, type Operation } from './fault.js';
import type { Attempt } from './turns.js';

/** What goes wrong with every such call as long as it stands, beside the faults of single calls. */
export interface Standing {
  readonly operation: Operation;
  /** By its name. */
  readonly fault: string;
  /** The checks meet it, too, where nothing else is said. */
  readonly isOfWorkers?: boolean;
  readonly channel?: string;
  readonly user?: string;
  readonly alertId?: string;
}

const isSame = (wanted: string | undefined, is: string | undefined): boolean => wanted === undefined || wanted === is;

/** A message of several alerts is about each of them. */
const isAbout = (wanted: string | undefined, { alertId, told }: Attempt): boolean =>
  isSame(wanted, alertId) || told?.some((each) => each.alertId === wanted) === true;

export function standingFault(standing: Standing, attempt: Attempt): FaultKind | undefined {
  const { operation, fault, isOfWorkers, channel, user, alertId } = standing;
  if (operation !== attempt.operation || (isOfWorkers && !attempt.run.startsWith('W'))) return undefined;
  if (!isSame(channel, attempt.channel) || !isSame(user, attempt.user) || !isAbout(alertId, attempt)) return undefined;
  const kind = kindsOf(operation).find(({ name }) => name === fault);
  if (kind === undefined) throw new Error(`${operation} cannot suffer "${fault}"`);
  return kind;
}
