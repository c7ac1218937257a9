import { useEffect, useState } from 'preact/hooks';
import type { Refused } from '../protocol.js';
import type { Answer } from './api.js';

export interface AskedFor<T> {
  /** The last good answer; it stays while a later one is awaited, or has failed. */
  readonly value: T | undefined;
  readonly refused: Refused | undefined;
  readonly isAsking: boolean;
  again(): void;
}

/** What the server is asked when a screen opens, again when `about` changes and every `everyMs`. */
export function useAsked<T>(ask: () => Answer<T>, about: string, everyMs?: number): AskedFor<T> {
  const [value, setValue] = useState<T>();
  const [refused, setRefused] = useState<Refused>();
  const [isAsking, setAsking] = useState(true);
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let isOver = false;
    const load = async () => {
      setAsking(true);
      const answer = await ask();
      if (isOver) return;
      setAsking(false);
      setRefused(answer.ok ? undefined : answer.error);
      if (answer.ok) setValue(answer.value);
    };
    void load();
    const timer = everyMs === undefined ? undefined : setInterval(load, everyMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [about, times, everyMs]);
  return { value, refused, isAsking, again: () => setTimes((count) => count + 1) };
}
