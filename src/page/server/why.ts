import type { Hono } from 'hono';
import { explainedLines, wrongRowSentence } from '../../domain/explanation-text.js';
import { explain } from '../../flows/explain.js';
import type { Ports } from '../../flows/ports/ports.js';
import type { WhyView } from '../protocol-views.js';
import type { Board } from './board.js';
import { refuse } from './guard.js';

/** What `trading-alerts why` says of an alert: a dry run of its market, made when somebody asks. */
export function addWhy(app: Hono, ports: Ports, board: Pick<Board, 'rowOf'>): void {
  app.get('/api/alerts/:id/why', async (c) => {
    const id = c.req.param('id');
    const [alert, checkpoint] = await Promise.all([ports.store.get(id), ports.store.readCheckpoint()]);
    if (alert === undefined) return refuse(c, 404, 'there is no such alert', 'reload the page');
    const { row, error } = board.rowOf(id);
    const explained = await explain(ports, { alert, isStored: true, row, checkpoint });
    const lines = explainedLines(explained, ports.timeZone);
    const wrong = error === undefined ? [] : [wrongRowSentence(row, error)];
    return c.json({ at: explained.at, lines: [...wrong, ...lines] } satisfies WhyView);
  });
}
