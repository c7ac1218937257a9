import type { Alert } from '../alert.js';
import type { AnswerTitle } from '../answer-columns.js';
import { distancePercent, distancePoints } from '../conditions/judge.js';
import { isWatched } from '../delivery/rearm.js';
import type { Looked } from './looked.js';
import { answerOf, asSentence } from './sentence.js';
import { sortableMoment } from './shown-time.js';
import { statusOf } from './status.js';

/** What the cells of a row shall say: empty text empties one, and what is left out stays as it is. */
export type Answers = Readonly<Partial<Record<AnswerTitle, string | number>>>;

const nothing = { 'last price': '', distance: '', 'fired at': '', times: '', answer: '' } as const;

/** Of a row that asks for nothing. */
export const headingAnswers: Answers = { status: '', ...nothing };

/** Of a row that is wrong, or counts for nothing beside its twin: what stood there before was about something else. */
export const wrongAnswers = (message: string): Answers => ({
  ...nothing,
  status: 'wrong',
  answer: asSentence(message),
});

/** As many digits as a person compares: 12.34, 0.012. */
function rounded(value: number | undefined): number | '' {
  if (value === undefined || !Number.isFinite(value)) return '';
  return Number(value >= 1 ? value.toFixed(2) : value.toPrecision(2));
}

/** A share without the noise that a float adds: 0.0001 is 0.01 percent. */
const percentOf = (share: number): number => Number((share * 100).toPrecision(12));

function numbersOf({ condition }: Alert, looked: Looked): Pick<Answers, 'last price' | 'distance'> {
  switch (looked.kind) {
    case 'price': {
      const { last, memory } = looked;
      return { 'last price': Number(last.text), distance: rounded(distancePercent(condition, memory, last)) };
    }
    case 'funding': {
      const { funding } = looked;
      return {
        'last price': percentOf(Number(funding.rate.value)),
        distance: rounded(distancePoints(condition, funding)),
      };
    }
    default:
      return { 'last price': '', distance: '' };
  }
}

/** `looked` undefined: the check found no time for it. Times are shown in the owner's zone. */
export function answersOf(alert: Alert, looked: Looked | undefined, timeZone: string): Answers {
  const { triggeredAt, triggeredCount } = alert;
  const isLeft = isWatched(alert) && looked === undefined;
  return {
    status: statusOf(alert, looked, timeZone),
    ...(isLeft ? {} : { 'last price': '', distance: '', answer: answerOf(alert, looked, timeZone) }),
    ...(isWatched(alert) && looked !== undefined && numbersOf(alert, looked)),
    'fired at': triggeredAt === undefined ? '' : sortableMoment(triggeredAt, timeZone),
    times: triggeredCount,
  };
}
