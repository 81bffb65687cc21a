import { emulatorCommand } from './command/command.ts';

process.exit(await emulatorCommand(process.argv.slice(2)));
