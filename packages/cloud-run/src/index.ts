/** What Cloud Run takes, as data with its sources: the actions and the local cloud both hold requests against it. */
export { CPUS, IMAGE_HOSTS, LIMITS, MEMORY } from './limits.ts';
