import type * as v from 'valibot';
import { readKey, shownKeyProblem } from '../adapters/notifiers/key-problems.js';
import type { Question } from '../adapters/notifiers/notifier.js';
import { err, ok, type Result } from '../domain/result.js';
import { ended, type SecretTerminal } from './secret-terminal.js';

/** One key of the secret: where it belongs, what it must be, and what to ask for it. */
export interface KeyToAsk {
  readonly place: string;
  readonly schema: v.GenericSchema;
  readonly questions: readonly Question[];
  /** Whose it is, behind each question. */
  readonly whose: string;
  /** What a blank answer to the only question does, in a few words, where it does anything. */
  readonly blank?: string;
}

function promptOf({ ask, isHidden, isOptional }: Question, { whose, blank }: KeyToAsk): string {
  const blankMeans = blank ?? (isOptional ? 'none' : undefined);
  const notes = [...(isHidden ? ['not shown'] : []), ...(blankMeans === undefined ? [] : [`blank: ${blankMeans}`])];
  return `${ask}${whose}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}: `;
}

/** What is wrong with one answer; that other fields are still missing is not. */
function problemsWith(answer: string, field: string, { schema, place }: KeyToAsk): readonly string[] {
  const read = readKey(schema, field === '' ? answer : { [field]: answer }, place);
  if (read.ok) return [];
  const placeOfField = field === '' ? place : `${place}.${field}`;
  const problems = read.error.filter((problem) => problem.place === placeOfField);
  return [...new Set(problems.map(shownKeyProblem))];
}

/** Undefined where it was left blank and may be. */
async function askField(
  question: Question,
  key: KeyToAsk,
  { asker, tell }: SecretTerminal,
): Promise<Result<string | undefined, string>> {
  for (;;) {
    const answer = await asker.ask(promptOf(question, key), question.isHidden);
    if (answer === undefined) return err(ended);
    if (answer === '' && (question.isOptional || key.blank !== undefined)) return ok(undefined);
    const problems = problemsWith(answer, question.field, key);
    if (problems.length === 0) return ok(answer);
    tell(problems.join('\n'));
  }
}

/** Asks until it is right, by the secret's own rules. Undefined where `blank` says what that means. */
export async function askKey(key: KeyToAsk, terminal: SecretTerminal): Promise<Result<unknown, string>> {
  const fields: Record<string, string> = {};
  for (const question of key.questions) {
    if (question.hint !== undefined) terminal.tell(question.hint);
    const answer = await askField(question, key, terminal);
    if (!answer.ok) return answer;
    if (question.field === '') return answer;
    if (answer.value !== undefined) fields[question.field] = answer.value;
  }
  return ok(fields);
}
