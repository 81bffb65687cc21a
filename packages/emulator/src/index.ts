export { type Cloud, type CloudOptions, type RunningCloud, startCloud } from './cloud.ts';
export { emulatorCommand } from './command/command.ts';
export { type EnvironmentFiles, environment, writeEnvironmentFiles } from './environment.ts';
export { openMachineSocket } from './fly/containers/socket.ts';
export { flyProvider } from './fly/seed.ts';
export { githubRequestToken, readRequestToken } from './github/request-token.ts';
export { createServiceAccountKey } from './google/iam/accounts/key-file.ts';
export { authorizedUser } from './google/oauth/authorized-user.ts';
export { manualClock } from './kernel/clock.ts';
