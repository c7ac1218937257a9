import { Command } from 'commander';
import { addAdd } from './commands/add.js';
import { addCheck } from './commands/check.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addFunding } from './commands/funding.js';
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
  addSecret,
  addDemo,
];

/** The whole command line. `program`: with what has to hold before the commands are added, as they take it over. */
export function createProgram(program = new Command('trading-alerts')): Command {
  program
    .description('Price alerts from a sheet to your phone, on this machine or as one AWS Lambda.')
    .showHelpAfterError('(see: trading-alerts --help)');
  for (const add of commands) add(program);
  return program;
}
