import { dayMs } from '../../domain/time.js';

export interface Refusal {
  readonly code: number;
  readonly msg: string;
}

/** https://github.com/binance/binance-spot-api-docs/blob/master/errors.md */
export const refusals = {
  unknown: { code: -1121, msg: 'Invalid symbol.' },
  repeated: { code: -1151, msg: 'Symbol is present multiple times in the list.' },
  illegal: { code: -1100, msg: "Illegal characters found in parameter 'symbols'." },
  both: { code: -1128, msg: 'Combination of optional parameters invalid.' },
  status: { code: -1220, msg: "The symbol's status does not match the requested symbolStatus." },
  absent: { code: -1102, msg: "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed." },
  tooMany: { code: -1101, msg: "Too many values sent for parameter 'symbols', maximum allowed up to 100." },
  window: { code: -1130, msg: "Data sent for parameter 'windowSize' is not valid." },
  interval: { code: -1120, msg: 'Invalid interval.' },
} as const satisfies Record<string, Refusal>;

/** A number of minutes, hours or days; undefined where it is none of those allowed. */
export function windowMs(size: string): number | undefined {
  const [, count = '', letter = ''] = /^([1-9]\d?)([mhd])$/.exec(size) ?? [];
  const unit = { m: { most: 59, ms: 60_000 }, h: { most: 23, ms: 3_600_000 }, d: { most: 7, ms: dayMs } }[letter];
  return unit !== undefined && Number(count) <= unit.most ? Number(count) * unit.ms : undefined;
}
