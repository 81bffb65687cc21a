import type { Command } from 'commander';
import { downCommand } from './cloud/down.ts';
import { dumpCommand } from './cloud/dump.ts';
import { envCommand } from './cloud/env.ts';
import { faultCommand } from './cloud/fault.ts';
import { logsCommand } from './cloud/logs.ts';
import { resetCommand } from './cloud/reset.ts';
import { statusCommand } from './cloud/status.ts';
import { timeCommand } from './cloud/time.ts';
import { upCommand } from './cloud/up.ts';
import { completionCommand } from './completion/completion.ts';
import { deployCommand } from './deploy/command.ts';
import { demoCommand } from './deploy/demo.ts';
import { doctorCommand } from './doctor/command.ts';
import { migrateCommand } from './migrate/command.ts';
import { openapiCommand } from './openapi/command.ts';
import { runProgram } from './program.ts';
import { runCommand } from './run/command.ts';
import type { End, Status } from './status.ts';

/** Every command of `gangway`, as help lists them. */
export function commands(end: End): readonly Command[] {
  return [
    runCommand(end),
    deployCommand(end),
    migrateCommand(end),
    demoCommand(end),
    upCommand(end),
    downCommand(end),
    envCommand(end),
    statusCommand(end),
    logsCommand(end),
    dumpCommand(end),
    resetCommand(end),
    timeCommand(end),
    faultCommand(end),
    doctorCommand(end),
    openapiCommand(end),
    completionCommand(end, commands),
  ];
}

/**
 * The command `gangway`.
 *
 * @param args as given, without the program
 */
export function gangway(args: readonly string[]): Promise<Status> {
  return runProgram(args, commands);
}
