import { Command } from 'commander';
import { messageOf } from '../domain/error-message.js';
import { addAdd } from './commands/add.js';
import { addCheck } from './commands/check.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addFunding } from './commands/funding.js';
import { addGrafana } from './commands/grafana.js';
import { addHistory } from './commands/history.js';
import { addList } from './commands/list.js';
import { addPage } from './commands/page.js';
import { addPause } from './commands/pause.js';
import { addPrice } from './commands/price.js';
import { addRemove } from './commands/remove.js';
import { addReplay } from './commands/replay.js';
import { addResume } from './commands/resume.js';
import { addSecret } from './commands/secret.js';
import { addSheet } from './commands/sheet.js';
import { addTestPush } from './commands/test-push.js';
import { addWhy } from './commands/why.js';
import { tell } from './print.js';
import { stopWithReader } from './stop.js';

// On Node 20 the AWS SDK announces at every start that it will drop it; that is the Lambda's matter, not the laptop's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

stopWithReader();

const program = new Command('trading-alerts')
  .description('Price alerts from a sheet to your phone, on this machine or as one AWS Lambda.')
  .showHelpAfterError('(see: trading-alerts --help)');

/** In the order of the help. */
const commands = [
  addCheck,
  addPage,
  addList,
  addWhy,
  addHistory,
  addAdd,
  addPause,
  addResume,
  addRemove,
  addSheet,
  addPrice,
  addFunding,
  addReplay,
  addDoctor,
  addTestPush,
  addGrafana,
  addSecret,
  addDemo,
];
for (const add of commands) add(program);

program.parseAsync().catch((error: unknown) => {
  tell(messageOf(error));
  process.exitCode = 1;
});
