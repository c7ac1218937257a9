import type { Problem } from '../../domain/problem.js';

/** What one check found. A remedy beside `ok` is a warning; one of several lines has a line for each thing to do. */
export interface Finding {
  readonly check: string;
  /** `skipped`: it could not be judged, or there is nothing to judge; `detail` says why. */
  readonly status: 'ok' | 'wrong' | 'skipped';
  readonly detail: string;
  readonly remedy?: string;
}

export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** A key in the wrong place, such as a cell of the sheet or a variable, is not repeated. https://pushover.net/api#identifiers */
const withoutKeys = (text: string): string => text.replace(/(?<![A-Za-z0-9])[A-Za-z0-9]{30}(?![A-Za-z0-9])/g, '…');

/** A cell can hold what a terminal takes for commands. The line breaks between remedies stay. */
const shown = (text: string): string => withoutKeys(text).replace(/[^\P{Cc}\n]/gu, ' ');

function finding(status: Finding['status'], check: string, detail: string, remedy: string | undefined): Finding {
  const line = shown(detail).replaceAll('\n', ' ');
  return { check, status, detail: line, ...(remedy === undefined ? {} : { remedy: shown(remedy) }) };
}

export const right = (check: string, detail: string, remedy?: string): Finding => finding('ok', check, detail, remedy);
export const wrong = (check: string, detail: string, remedy: string): Finding =>
  finding('wrong', check, detail, remedy);
export const skipped = (check: string, detail: string, remedy?: string): Finding =>
  finding('skipped', check, detail, remedy);

/** `otherwise`: what to do where the problem itself does not say. */
export const wrongAs = (check: string, { message, remedy }: Problem, otherwise: string): Finding =>
  wrong(check, message, remedy ?? otherwise);

const marks = { ok: '✓', wrong: '✗', skipped: '–' };

function counted(findings: readonly Finding[]): string {
  const count = (status: Finding['status']): number => findings.filter((each) => each.status === status).length;
  return `${count('ok')} right, ${count('wrong')} wrong, ${count('skipped')} skipped`;
}

export const findingsOf = (sections: readonly Section[]): Finding[] => sections.flatMap(({ findings }) => findings);

export const isAllRight = (sections: readonly Section[]): boolean =>
  findingsOf(sections).every(({ status }) => status !== 'wrong');

/** A line for each finding, what to do below it, and a last line that counts. */
export function shownSections(sections: readonly Section[]): string {
  const all = findingsOf(sections);
  const width = Math.max(...all.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 6);
  const lines = ({ check, status, detail, remedy }: Finding): string[] => [
    `  ${marks[status]} ${check.padEnd(width)}  ${detail}`,
    ...(remedy?.split('\n') ?? []).map((each) => `${indent}→ ${each}`),
  ];
  const shownSection = ({ title, findings }: Section): string => [title, ...findings.flatMap(lines)].join('\n');
  return [...sections.map(shownSection), counted(all)].join('\n\n');
}
