export { environmentsIn, requestTokens, requestTokensBy, withEnvironments } from './environments.ts';
export { type ActEvent, type ActRun, runAct, writeVariables } from './run.ts';
export { type StandIn, standIn, standIns, writeStandIn } from './stand-ins.ts';
