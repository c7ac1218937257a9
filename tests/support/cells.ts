import type { Cell } from '../../src/domain/columns.js';

export const value = (read: unknown) => ({ ok: true, value: read });
export const error = (message: string) => ({ ok: false, error: message });

export const blanks: Cell[] = ['', ' ', '\t\n', '\u00a0', '\ufeff', null, undefined];
export const formulaErrors = ['#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NUM!', '#NULL!', '#ERROR!', ' #N/A '];
export const prototypeNames = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
export const endless = '🚀'.repeat(50_000);
/** What messages show of it. */
export const cutQuote = `"${'🚀'.repeat(59)}…"`;
