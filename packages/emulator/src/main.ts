import { emulatorCommand } from './command.ts';

process.exit(await emulatorCommand(process.argv.slice(2)));
