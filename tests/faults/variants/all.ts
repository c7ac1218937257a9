import type { Variation } from '../scenario.js';
import { armAtOnce } from './arm-at-once.js';
import { armInASecondWrite } from './arm-in-a-second-write.js';
import { commitBeforeHistory } from './commit-before-history.js';
import { forgetChannels } from './forget-channels.js';
import { ignoreBack } from './ignore-back.js';
import { keepNoClaim } from './keep-no-claim.js';
import { markBeforeSend } from './mark-before-send.js';
import { noLease } from './no-lease.js';
import { ringInsteadOfClaim } from './ring-instead-of-claim.js';
import { sendBeforeClaim } from './send-before-claim.js';
import { workerBelievesItsMessage } from './worker-believes-its-message.js';
import { workerForgetsWhatFailed } from './worker-forgets-what-failed.js';
import { workerGoesByNoWishes } from './worker-goes-by-no-wishes.js';
import { workerMixesUsers } from './worker-mixes-users.js';
import { workerNeedsNoSecret } from './worker-needs-no-secret.js';
import { workerTakesNothingOver } from './worker-takes-nothing-over.js';

/** Deliveries that are wrong on purpose: a campaign that does not find them out proves nothing. */
export const variations: Readonly<Record<string, Variation>> = {
  'send before claim': sendBeforeClaim,
  'mark before send': markBeforeSend,
  'no lease': noLease,
  'forget channels': forgetChannels,
  'keep no claim': keepNoClaim,
  'arm in a second write': armInASecondWrite,
  'arm at once': armAtOnce,
  'ignore back': ignoreBack,
  'commit before history': commitBeforeHistory,
};

/** Of the fan-out: these need workers. */
export const workerVariations: Readonly<Record<string, Variation>> = {
  'worker takes nothing over': workerTakesNothingOver,
  'worker forgets what failed': workerForgetsWhatFailed,
  'ring instead of claim': ringInsteadOfClaim,
};

/** Of the fan-out: these show where something stands in the way of the workers, or where they have several users. */
export const hamperedVariations: Readonly<Record<string, Variation>> = {
  'worker mixes users': workerMixesUsers,
  'worker goes by no wishes': workerGoesByNoWishes,
  'worker needs no secret': workerNeedsNoSecret,
  'worker believes its message': workerBelievesItsMessage,
};

export const allVariations: Readonly<Record<string, Variation>> = {
  ...variations,
  ...workerVariations,
  ...hamperedVariations,
};
