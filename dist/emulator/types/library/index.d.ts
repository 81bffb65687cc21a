/** What the package offers to other projects: `npm pack` packs this alone, with its types. */
export type { CloudOptions } from '../cloud-options.js';
export type { Canonical } from '../kernel/errors.js';
export type { Fault, Faults } from '../kernel/faults.js';
export type { PortRange } from '../kernel/forward/port-range.js';
export type { AnsweredRequest } from '../kernel/http/answered-request.js';
export type { Job } from '../kernel/service/job.js';
export type { Project } from '../kernel/service/project.js';
export type { Deployed, Resources } from './deployed.js';
export { type LocalCloud, type LocalCloudOptions, startCloud } from './local-cloud.js';
export type { Planted, Seed } from './seed.js';
export type { WrittenLine } from './written-line.js';
