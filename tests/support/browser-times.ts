import type { Page } from 'playwright-core';

/** The little of the browser's own world that is needed here. */
interface Browsed {
  readonly document: { querySelector(selector: string): (EventTarget & { value: string }) | null };
  requestAnimationFrame(then: () => void): void;
  readonly performance: { now(): number };
}

/** From the reload to what is seen of the selector (ms). */
export async function timeToDraw(page: Page, selector: string): Promise<number> {
  await page.reload();
  return page.evaluate(async (wanted) => {
    const { document, performance, requestAnimationFrame } = globalThis as unknown as Browsed;
    const frame = () => new Promise<void>((resolve) => requestAnimationFrame(resolve));
    while (document.querySelector(wanted) === null) await frame();
    await frame();
    return performance.now();
  }, selector);
}

/** From the last letter to the drawn rows (ms). */
export const timeToFilter = (page: Page, text: string): Promise<number> =>
  page.evaluate(async (typed) => {
    const { document, performance, requestAnimationFrame } = globalThis as unknown as Browsed;
    const input = document.querySelector('input[type=search]');
    if (input === null) throw new Error('expected a filter');
    const begunAt = performance.now();
    input.value = typed;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    // The second frame begins when what the first has drawn is seen.
    for (let frame = 0; frame < 2; frame += 1) {
      await new Promise<void>((resolve) => requestAnimationFrame(resolve));
    }
    return performance.now() - begunAt;
  }, text);
