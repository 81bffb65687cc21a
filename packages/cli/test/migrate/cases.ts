import type { Case } from './case.ts';
import { DOCKER_ACTION_CASES } from './docker-action-cases.ts';
import { FLY_CASES } from './fly-cases.ts';
import { GOOGLE_ACTION_CASES } from './google-action-cases.ts';
import { IMAGE_CASES } from './image-cases.ts';
import { RUN_CASES } from './run-cases.ts';
import { SCRIPT_CASES } from './script-cases.ts';
import { SIGN_IN_CASES } from './sign-in-cases.ts';

/** Workflows as people write them, of all kinds. */
export const CASES: readonly Case[] = [
  ...IMAGE_CASES,
  ...RUN_CASES,
  ...SCRIPT_CASES,
  ...SIGN_IN_CASES,
  ...DOCKER_ACTION_CASES,
  ...GOOGLE_ACTION_CASES,
  ...FLY_CASES,
];
