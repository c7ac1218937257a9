import { useEffect, useRef } from 'preact/hooks';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input:not([type=checkbox]), textarea, select') !== null;

/** Keys that act while nobody types and no dialog asks. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const action = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined;
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

export const keysHelp: readonly (readonly [key: string, does: string])[] = [
  ['/', 'filter the alerts; Enter goes to the first of them'],
  ['n', 'a new alert'],
  ['j  k', 'the next row, the row before'],
  ['Enter', 'open the row'],
  ['e', 'edit'],
  ['p', 'pause, or resume'],
  ['a', 'on a chart: a new line, to be moved to where the alert shall be'],
  ['t', 'test the row on the last 30 days'],
  ['w', 'why it is silent'],
  ['?', 'these keys'],
];

export const lineKeysHelp: readonly (readonly [key: string, does: string])[] = [
  ['↑  ↓', 'move the line'],
  ['Page ↑  ↓', 'ten times as far'],
  ['Shift ↑  ↓', 'by the smallest step'],
  ['Enter', 'save it there'],
  ['Escape', 'take it back'],
];
