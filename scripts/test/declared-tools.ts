import { expect } from 'vitest';
import { applyPlan, untilPlanned } from './plan.ts';

/*
 * vitest runs it before each test file, to give the file the tools that it has declared and no others, as soon as they are
 * there: see "Tools that tests need" of CONTRIBUTING.md. Does nothing when vitest was started without `npm test`.
 */

const path = process.env.GANGWAY_TEST_PLAN;
const file = expect.getState().testPath ?? '';
if (path) applyPlan(await untilPlanned(path, file), file, process.env);
