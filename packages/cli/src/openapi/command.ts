import { Command } from 'commander';
import type { End } from '../status.ts';
import { checkCommand } from './check.ts';
import { diffCommand } from './diff.ts';
import { emitCommand } from './emit.ts';

/** `gangway openapi`: what deploy-api-config does with a document, without a cloud. */
export function openapiCommand(end: End): Command {
  return new Command('openapi')
    .description('Check OpenAPI documents for API Gateway, convert them, and compare them; offline.')
    .addCommand(checkCommand(end))
    .addCommand(emitCommand(end))
    .addCommand(diffCommand(end))
    .addHelpText(
      'after',
      `
A document is OpenAPI 2.0, 3.0 or 3.1 in YAML or JSON, one file or several; - is standard input.

Exit status: 0 clean or warnings, 1 errors in a document (see --fail-on), 2 wrong use.`,
    );
}
