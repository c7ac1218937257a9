import { join } from 'node:path';

/** Real candles and recorded answers lie beside the checkout where these tests are developed, and nowhere else. */
export const sharedFolder = process.env.SHARED_FOLDER ?? join(process.cwd(), '..', 'shared');
