/** What the package offers to other projects: `npm pack` packs this alone, with its types. */
export type { CloudOptions } from '../cloud-options.ts';
export type { Canonical } from '../kernel/errors.ts';
export type { Fault, Faults } from '../kernel/faults.ts';
export type { PortRange } from '../kernel/forward/port-range.ts';
export type { AnsweredRequest } from '../kernel/http/answered-request.ts';
export type { Job } from '../kernel/service/job.ts';
export type { Project } from '../kernel/service/project.ts';
export type { Deployed, Resources } from './deployed.ts';
export { type LocalCloud, type LocalCloudOptions, startCloud } from './local-cloud.ts';
export type { Planted, Seed } from './seed.ts';
export type { WrittenLine } from './written-line.ts';
