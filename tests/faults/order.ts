/** Whose turn it is, of the two runs that overlap. `before` counts a run's own calls from 1. */
export type Order =
  | { readonly kind: 'first'; readonly run: string }
  | { readonly kind: 'alternate' }
  /** The run stops before that call until the other one is done. */
  | { readonly kind: 'pause'; readonly run: string; readonly before: number }
  /** A stops before its call, B before its own, then A goes on to its end. */
  | { readonly kind: 'pauses'; readonly a: number; readonly b: number }
  /** Any waiting call, also of the same run. */
  | { readonly kind: 'random'; readonly seed: number };

interface Waiting {
  readonly run: string;
}

/** Calls that each run has made. */
type Made = Readonly<Record<string, number>>;

/** mulberry32: small, and the same on every machine. Gives numbers from 0 to below 1. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Chooses one of the waiting calls. */
export type Picker = (waiting: readonly Waiting[], made: Made) => number;

export function createPicker(order: Order): Picker {
  const random = createRandom(order.kind === 'random' ? order.seed : 0);
  let last = 'B';
  const preferred = (made: Made): string => {
    switch (order.kind) {
      case 'first':
        return order.run;
      case 'alternate':
        return last === 'A' ? 'B' : 'A';
      case 'pause': {
        const other = order.run === 'A' ? 'B' : 'A';
        return (made[order.run] ?? 0) + 1 < order.before ? order.run : other;
      }
      case 'pauses':
        if ((made.A ?? 0) + 1 < order.a) return 'A';
        return (made.B ?? 0) + 1 < order.b ? 'B' : 'A';
      case 'random':
        return '';
    }
  };
  return (waiting, made) => {
    if (order.kind === 'random') return Math.floor(random() * waiting.length);
    const found = waiting.findIndex(({ run }) => run === preferred(made));
    const index = Math.max(found, 0);
    last = waiting[index]?.run ?? last;
    return index;
  };
}
