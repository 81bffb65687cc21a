/** Compute Engine's API, as far as Gangway deploys by it: resources, calls that wait for their operations, what machines report. */
export {
  ADDRESS,
  ERRORS,
  FIREWALL,
  HEALTH_CHECK,
  IMAGE,
  INSTANCE,
  MANAGED_INSTANCES,
  MANAGER,
  TEMPLATE,
  TEMPLATES,
} from './answers.ts';
export { type Compute, computeEngine, type Write } from './compute.ts';
export { guestAttributes } from './guest-attributes.ts';
export type {
  AccessConfig,
  Address,
  Firewall,
  FixedOrPercent,
  HealthCheck,
  Image,
  Instance,
  InstanceProperties,
  ManagedInstance,
  Manager,
  Metadata,
  Template,
} from './resources.ts';
export { serialOutput } from './serial-output.ts';
