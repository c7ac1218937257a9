/** At most `most` in any `perMs`. */
export interface Rate {
  readonly most: number;
  readonly perMs: number;
}

/** Counts by key, over the last stretch of each rate. */
export function createPace(now: () => number) {
  const taken = new Map<string, number[]>();
  return {
    /** 0 where there is room, which is then taken; else how many ms until there is. */
    take(key: string, rate: Rate): number {
      const at = now();
      const recent = (taken.get(key) ?? []).filter((instant) => instant > at - rate.perMs);
      taken.set(key, recent);
      const oldest = recent[recent.length - rate.most];
      if (recent.length >= rate.most) return (oldest ?? at) + rate.perMs - at;
      recent.push(at);
      return 0;
    },
  };
}
