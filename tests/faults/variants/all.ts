import type { Variation } from '../scenario.js';
import { forgetChannels } from './forget-channels.js';
import { markBeforeSend } from './mark-before-send.js';
import { noLease } from './no-lease.js';
import { sendBeforeClaim } from './send-before-claim.js';

/** Deliveries that are wrong on purpose: a campaign that does not find them out proves nothing. */
export const variations: Readonly<Record<string, Variation>> = {
  'send before claim': sendBeforeClaim,
  'mark before send': markBeforeSend,
  'no lease': noLease,
  'forget channels': forgetChannels,
};
