import { type Command, Option } from 'commander';
import { runDoctorHere } from '../doctor/command.js';
import type { DoctorOptions } from '../doctor/surroundings.js';
import { asJson, region, secretId } from '../options.js';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what is right, and what to do about what is not; nothing is written or pushed')
    .addOption(new Option('--aws', 'the surroundings of the Lambda, in place of this folder').conflicts('sheet'))
    .option('--sheet <file|google>', 'a CSV file with the columns of the sheet, or google', 'alerts.csv')
    .option('--users <file>', 'a CSV file with the columns of the tab Users (default: users.csv beside the sheet)')
    .addOption(secretId())
    .addOption(new Option('--table <name>', 'the table (default: DYNAMODB_TABLE_NAME)').implies({ aws: true }))
    .addOption(region().implies({ aws: true }))
    .addOption(
      new Option('--spreadsheet <id>', 'the Google Sheet (default: GOOGLE_SHEETS_SPREADSHEET_ID)').implies({
        aws: true,
      }),
    )
    .addOption(new Option('--tab <name>', 'of its alerts (default: SHEET_TAB, or Alerts)').implies({ aws: true }))
    .addOption(new Option('--users-tab <name>', 'of its users (default: USERS_TAB, or Users)').implies({ aws: true }))
    .addOption(new Option('--before-deploy', 'the table may be missing').implies({ aws: true }))
    .addOption(asJson())
    .action(async (options: DoctorOptions & { json?: true }) => {
      process.exitCode = await runDoctorHere(options);
    });
}
