export { manualClock } from './clock.ts';
export { type Cloud, type CloudOptions, type RunningCloud, startCloud } from './cloud.ts';
export { emulatorCommand } from './command.ts';
export { type EnvironmentFiles, environment, writeEnvironmentFiles } from './environment.ts';
export { openMachineSocket } from './fly/machine-socket.ts';
export { flyProvider } from './fly/seed.ts';
export { authorizedUser } from './identity/authorized-user.ts';
export { githubRequestToken } from './identity/github-request-token.ts';
export { createServiceAccountKey } from './identity/service-accounts.ts';
