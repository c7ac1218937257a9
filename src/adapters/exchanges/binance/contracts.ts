import * as v from 'valibot';
import { hourMs, minuteMs } from '../../../domain/time.js';
import { address } from '../../address.js';
import type { Get } from '../exchange.js';
import { jsonOf } from '../reply.js';

const Contract = v.object({ symbol: v.string(), contractType: v.string(), status: v.string() });
const Contracts = v.object({ symbols: v.array(v.unknown()) });

/** What sets a contract apart from a perpetual on a coin that is traded. */
export interface Peculiarity {
  /** Why it is no perpetual that could be asked; undefined where it is one. */
  readonly refusal: string | undefined;
  /** On a share or a commodity: it pauses with the market of that. */
  readonly isTradFi: boolean;
}

const perpetualTypes: readonly string[] = ['PERPETUAL', 'TRADIFI_PERPETUAL'];

/** `contractType` is empty until trading begins. */
function peculiarityOf({ contractType, status }: v.InferOutput<typeof Contract>): Peculiarity | undefined {
  const isTradFi = contractType === 'TRADIFI_PERPETUAL';
  if (contractType !== '' && !perpetualTypes.includes(contractType)) {
    return { refusal: `a contract with an end (${contractType})`, isTradFi };
  }
  if (status !== 'TRADING') return { refusal: `the contract is ${status}`, isTradFi };
  return isTradFi ? { refusal: undefined, isTradFi } : undefined;
}

/** Two megabytes, and they change seldom. */
const keptMs = hourMs;
/** Without it prices are read all the same, so it is not asked for at every check. */
const restMs = 10 * minuteMs;

/** The contracts of the list that are not plain perpetuals, by symbol; what was read last where it cannot be read now. */
export function createContracts(): (
  get: Get,
  origin: string,
  now: number,
) => Promise<ReadonlyMap<string, Peculiarity>> {
  let known: ReadonlyMap<string, Peculiarity> = new Map();
  let askAgainAt = Number.NEGATIVE_INFINITY;
  return async (get, origin, now) => {
    if (now < askAgainAt) return known;
    askAgainAt = now + restMs;
    // https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Exchange-Information
    const answer = await get(address(origin, '/fapi/v1/exchangeInfo'));
    const body = answer.ok && answer.value.status < 400 ? v.safeParse(Contracts, jsonOf(answer.value)) : undefined;
    if (!body?.success) return known;
    askAgainAt = now + keptMs;
    const found = new Map<string, Peculiarity>();
    for (const entry of body.output.symbols) {
      const contract = v.safeParse(Contract, entry);
      const peculiarity = contract.success ? peculiarityOf(contract.output) : undefined;
      if (contract.success && peculiarity !== undefined) found.set(contract.output.symbol, peculiarity);
    }
    known = found;
    return known;
  };
}
