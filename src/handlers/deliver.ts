import { createWorker } from '../app.js';
import { readConfig } from '../config.js';
import { createDeliverHandler } from './deliver-handler.js';

/** The entry of the Lambda that delivers. A wrong environment ends the cold start here, by name. */
export const handler = createDeliverHandler(createWorker(readConfig(process.env)));
