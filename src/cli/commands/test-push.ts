import { type Command, Option } from 'commander';
import { channelNames } from '../../adapters/notifiers/registry.js';
import { readLocalConfig, secretsFile } from '../laptop.js';
import { region, secretId } from '../options.js';
import { print, tell } from '../print.js';
import { type TestPushOptions, testPush } from '../test-push-command.js';

export function addTestPush(program: Command): void {
  program
    .command('test-push')
    .description("send one message to a user's channels, or to one of them")
    .argument('<user>', 'as user_id in the sheet names them')
    .addOption(new Option('--channel <name>', 'only this one').choices(channelNames))
    .option('--aws', `the secret of the Lambda, in place of ${secretsFile}`)
    .addOption(secretId())
    .addOption(region().implies({ aws: true }))
    .action(async (user: string, options: TestPushOptions) => {
      const config = readLocalConfig('');
      const outside = { config, environment: process.env, secretsFile, now: Date.now() };
      const { isAccepted, text } = await testPush(user, options, outside);
      (isAccepted ? print : tell)(text);
      process.exitCode = isAccepted ? 0 : 1;
    });
}
