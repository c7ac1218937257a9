import { useState } from 'preact/hooks';
import type { AlertView, MarketView } from '../../protocol.js';
import { type Page, refusalText } from '../editing.js';
import { conditionIn, firesAtOnce } from '../form-check.js';
import { grouped, marketKeyOf, pricesByMarket, titleOf } from '../shown.js';
import { readLineKey } from './alert-lines.js';
import { movedTarget } from './moved-target.js';

/** A move that somebody has to answer for. */
export interface Question {
  readonly title: string;
  readonly text: string;
  answer(isYes: boolean): void;
}

/** Saves a line where it was let go; where it would fire at once, not before somebody has said so. */
export function useMoves(market: MarketView, page: Page) {
  const [question, setQuestion] = useState<Question>();

  const asked = (alert: AlertView, last: string | undefined) =>
    new Promise<boolean>((resolve) => {
      setQuestion({
        title: `${titleOf(alert)} would fire at once`,
        text: `The last price, ${grouped(last ?? '')}, meets it already, so the next check would ring.`,
        answer(isYes) {
          setQuestion(undefined);
          resolve(isYes);
        },
      });
    });

  async function move(key: string, price: string): Promise<boolean> {
    const { id, index } = readLineKey(key);
    const alert = page.state.alerts.find((each) => each.id === id);
    if (alert === undefined) return false;
    const target = movedTarget(alert, index, price);
    const last = pricesByMarket(page.state.prices).get(marketKeyOf(market))?.price;
    const moved = { ...alert, target };
    const firesNow = alert.active && firesAtOnce(conditionIn(alert.condition, target), last);
    if (firesNow && !(await asked(moved, last))) return false;
    const answer = await page.edits.change(id, { price: target });
    if (answer.ok) page.say({ kind: 'done', text: `Moved: ${titleOf(moved)}` });
    else page.say({ kind: 'wrong', text: `Not moved: ${refusalText(answer.error)}` });
    return answer.ok;
  }
  return { question, move };
}
