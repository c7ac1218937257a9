import { hourMs } from '../domain/time.js';
import type { Contract } from './market.js';

/** Settlements fall on full hours, counted from midnight UTC (ms). */
export function nextSettlement({ intervalHours }: Contract, now: number): number {
  const intervalMs = intervalHours * hourMs;
  return (Math.floor(now / intervalMs) + 1) * intervalMs;
}
