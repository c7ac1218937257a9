import type { AlertState } from '../../protocol.js';

const names = [
  'text',
  'muted',
  'line',
  'up',
  'down',
  'surface',
  'armed',
  'sending',
  'waits',
  'fired',
  'paused',
  'over',
] as const;

export type Colours = Readonly<Record<(typeof names)[number] | AlertState, string>>;

/** The chart draws on canvases, which know nothing of the style sheet: it takes its colours out of it. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

/** Calls when dark becomes light, or light dark. */
export function onSchemeChange(act: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', act);
  return () => dark.removeEventListener('change', act);
}
