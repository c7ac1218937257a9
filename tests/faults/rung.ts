import type { Delivery } from '../../src/domain/alert.js';
import { ringBody } from '../../src/domain/delivery/ring-body.js';
import { begunAt, type Scene } from './scene.js';

/** As a check leaves it to others: moments before, and nobody has it yet. */
export const claimed: Partial<Delivery> = { claimedAt: begunAt - 20_000, attempts: 0, leaseUntil: undefined };

export const ringOf = (alertId: string, fireId = `earlier-${alertId}`): string => ringBody({ alertId, fireId });

export const idsOf = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index + 1}`);

export const each = (ids: readonly string[], isUnsure = false): Scene['firing'] =>
  Object.fromEntries(ids.map((id) => [id, { count: 1, ...(isUnsure && { isUnsure }) }]));

/** Every third between two checks. */
export const symbolOf = (index: number) => (index % 3 === 2 ? 'SPIKEUSDT' : 'HIGHUSDT');
