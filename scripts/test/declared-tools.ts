import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { applyPlan } from './plan.ts';

/*
 * vitest runs it before each test file, to give the file the tools that it has declared and no others: see "Tools that tests
 * need" of CONTRIBUTING.md. Does nothing when vitest was started without `npm test`.
 */

const plan = process.env.GANGWAY_TEST_PLAN;
if (plan) applyPlan(JSON.parse(readFileSync(plan, 'utf8')), expect.getState().testPath ?? '', process.env);
