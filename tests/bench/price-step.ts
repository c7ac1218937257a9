import { createRequire } from 'node:module';
import { sizes } from './cases.js';
import { built, type Lab, openLab } from './lab.js';
import { median } from './measure.js';

export interface PriceStep {
  readonly program: 'trading-alerts' | 'ccxt';
  readonly markets: number;
  readonly runs: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

const runs = 7;

async function measureProgram(lab: Lab, program: PriceStep['program'], markets: number): Promise<PriceStep> {
  const child = lab.start(built(program === 'ccxt' ? './prices-ccxt.mjs' : './prices-ours.mjs'));
  await lab.invoke(child, 'quiet');
  const warm = [];
  for (let run = 0; run < runs; run += 1) warm.push((await lab.invoke(child, 'quiet')).invocation);
  await child.end();
  if (warm.some(({ answer }) => answer !== markets)) throw new Error(`${program} has not got every price`);
  return {
    program,
    markets,
    runs,
    wallMs: median(warm.map(({ wallMs }) => wallMs)),
    cpuMs: median(warm.map(({ cpuMs }) => cpuMs)),
    peakMb: Math.max(...warm.map(({ peakMb }) => peakMb)),
  };
}

const isInstalled = (): boolean => {
  try {
    createRequire(import.meta.url).resolve('ccxt');
    return true;
  } catch {
    return false;
  }
};

/** Asking for the prices of a thousand markets, and nothing else. It is 67 MB, so it is no dependency of ours. */
export async function measurePriceStep(): Promise<readonly PriceStep[] | { readonly skipped: string }> {
  if (!isInstalled()) return { skipped: 'ccxt is not installed; npm install --no-save ccxt' };
  const { markets } = sizes[2] ?? { markets: 0 };
  const lab = await openLab('trading-alerts', { alerts: markets, markets, asks: 'plain' });
  const steps = [await measureProgram(lab, 'trading-alerts', markets), await measureProgram(lab, 'ccxt', markets)];
  await lab.close();
  return steps;
}
