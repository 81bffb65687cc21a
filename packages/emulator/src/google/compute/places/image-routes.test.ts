import { expect, it } from 'vitest';
import { builtBefore } from './image-routes.ts';

const HOUR = 3_600_000;

it('builds an image within the day before, at whatever hour it is asked', () => {
  const midnight = Date.parse('2026-07-01T00:00:00Z');
  for (let hour = 0; hour <= 24; hour++) {
    const moment = midnight + hour * HOUR;
    const age = moment - Date.parse(`${builtBefore(moment)}T09:30:00.000-08:00`);
    expect(age, `at ${new Date(moment).toISOString()}`).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(24 * HOUR);
  }
});
