/** `go` takes the turn, `wait` lets another request have it, `leave` gives up without one. */
export type Decision = 'go' | 'wait' | 'leave';

interface Waiting {
  decide(): Decision;
  resolve(hasTurn: boolean): void;
}

interface Lane {
  /** Pieces of work under way, each of which asks one thing after another. */
  work: number;
  held: number;
  served: number;
  readonly waiting: Waiting[];
}

export interface Turns {
  /** False where `decide`, asked when it is the lane's turn, says to leave. Else the turn is held until it is given back. */
  take(lane: string, decide: () => Decision): Promise<boolean>;
  giveBack(lane: string): void;
  /** A turn is kept for this work also between two of its requests. */
  during<Value>(lane: string, work: () => Promise<Value>): Promise<Value>;
}

const demandOf = ({ work, held, waiting }: Lane): number => Math.max(work, held + waiting.length);

/** Equal shares of the limit; what a lane has no use for is shared among the others. At least one each. */
function sharesOf(lanes: readonly Lane[], limit: number): Map<Lane, number> {
  const byDemand = lanes.filter((lane) => demandOf(lane) > 0).sort((a, b) => demandOf(a) - demandOf(b));
  const shares = new Map<Lane, number>();
  let rest = limit;
  for (const [index, lane] of byDemand.entries()) {
    const share = Math.max(1, Math.min(demandOf(lane), Math.floor(rest / (byDemand.length - index))));
    shares.set(lane, share);
    rest -= share;
  }
  return shares;
}

/** Those that leave are let go on the way. */
function nextOf({ waiting }: Lane): Waiting | undefined {
  for (let index = 0; index < waiting.length; ) {
    const each = waiting[index] as Waiting;
    const decision = each.decide();
    if (decision === 'wait') index += 1;
    else {
      waiting.splice(index, 1);
      if (decision === 'go') return each;
      each.resolve(false);
    }
  }
  return undefined;
}

/**
 * Turns under one limit, shared fairly between lanes. A lane that hangs must not take the turns that another needs, and
 * none can be taken back; so each lane's share is kept free for it while it has work, and a lane alone has all of them.
 */
export function createTurns(limit: number): Turns {
  const lanes = new Map<string, Lane>();
  let isDue = false;

  function laneOf(name: string): Lane {
    const lane = lanes.get(name) ?? { work: 0, held: 0, served: 0, waiting: [] };
    lanes.set(name, lane);
    return lane;
  }

  function serveOne(): boolean {
    const all = [...lanes.values()];
    if (all.reduce((held, lane) => held + lane.held, 0) >= limit) return false;
    const shares = sharesOf(all, limit);
    const hungry = all.filter((lane) => lane.waiting.length > 0 && lane.held < (shares.get(lane) ?? 0));
    for (const lane of hungry.sort((a, b) => a.held - b.held || a.served - b.served)) {
      const next = nextOf(lane);
      if (next === undefined) continue;
      lane.held += 1;
      lane.served += 1;
      next.resolve(true);
      return true;
    }
    return false;
  }

  /** A moment later, when all that begin together have said so. */
  function serve(): void {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      while (serveOne());
    });
  }

  return {
    take: (name, decide) =>
      new Promise((resolve) => {
        laneOf(name).waiting.push({ decide, resolve });
        serve();
      }),
    giveBack(name) {
      laneOf(name).held -= 1;
      serve();
    },
    async during(name, work) {
      laneOf(name).work += 1;
      try {
        return await work();
      } finally {
        laneOf(name).work -= 1;
        serve();
      }
    },
  };
}
