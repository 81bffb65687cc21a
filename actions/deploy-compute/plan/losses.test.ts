import { expect, it } from 'vitest';
import { refuseLosses } from './losses.ts';

it.each([
  [{ disks: [{ boot: true }, {}] }, 'The instance app has 2 disks, which a new machine'],
  [{ networkInterfaces: [{}, {}] }, '2 network interfaces'],
  [{ guestAccelerators: [{}] }, 'accelerators'],
  [{ scheduling: { provisioningModel: 'SPOT' } }, 'spot provisioning'],
  [{ scheduling: { preemptible: true }, deletionProtection: true }, 'spot provisioning, deletion protection'],
])('a machine with %o is not replaced', (there, message) => {
  expect(() => refuseLosses('The instance app', there)).toThrow(message);
});

it('a usual machine is replaced', () => {
  const scheduling = { preemptible: false, provisioningModel: 'STANDARD' };
  expect(() =>
    refuseLosses('The instance app', { disks: [{ boot: true }], networkInterfaces: [{}], scheduling }),
  ).not.toThrow();
});
