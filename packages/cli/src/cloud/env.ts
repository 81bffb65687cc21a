import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { End } from '../status.ts';
import { theRunning } from './find.ts';
import { order } from './process/control.ts';
import type { Running } from './process/place.ts';

const FORMATS = ['shell', 'fish', 'powershell', 'dotenv', 'json'] as const;
type Format = (typeof FORMATS)[number];

/** `gangway env`. */
export function envCommand(end: End): Command {
  return new Command('env')
    .description('Print the variables that point gcloud, docker, flyctl and the actions at the local cloud.')
    .addOption(new Option('--format <name>', 'for which shell or program').choices(FORMATS).default('shell'))
    .option(
      '--inline',
      'values in place of files, for clients that do not see its files, as outside of its container',
    )
    .addHelpText(
      'after',
      `
Examples:
  eval "$(gangway env)"
  gangway env --format dotenv > .env.local
  gangway env --format json | jq -r .GANGWAY_ORIGIN
  eval "$(docker exec gangway gangway env --inline)"`,
    )
    .action(async ({ format, inline }: { format: Format; inline?: true }) => {
      const { place } = theRunning();
      const { PATH: _, ...found } = await order(place, 'environment', {});
      const variables = inline ? withoutFiles(found) : found;
      process.stdout.write(formatted(variables, format));
      end(0);
    });
}

/**
 * The same with what is in the files. Folders of configuration are left out, and gcloud and flyctl use the person's own, signed in by
 * these variables; so is the engine, which the person's docker knows.
 */
function withoutFiles(variables: Readonly<Record<string, string>>): Record<string, string> {
  const {
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: accessToken = '',
    GANGWAY_FLY_TOKEN_FILE: flyToken = '',
    CLOUDSDK_CONFIG: _,
    FLY_CONFIG_DIR: __,
    DOCKER_HOST: ___,
    ...rest
  } = variables;
  return {
    ...rest,
    CLOUDSDK_AUTH_ACCESS_TOKEN: readFileSync(accessToken, 'utf8'),
    FLY_ACCESS_TOKEN: readFileSync(flyToken, 'utf8'),
  };
}

/** How a shell takes the variables in, for a person to copy. */
export function exportHint({ envFile }: Running): string {
  return `source ${envFile}`;
}

/** Variables in the syntax of a shell or a format. */
function formatted(variables: Readonly<Record<string, string>>, format: Format): string {
  if (format === 'json') return `${JSON.stringify(variables, null, 2)}\n`;
  const line = {
    shell: (name: string, value: string) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
    fish: (name: string, value: string) => `set -gx ${name} '${value.replace(/['\\]/g, '\\$&')}'`,
    powershell: (name: string, value: string) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
    dotenv: (name: string, value: string) => `${name}=${JSON.stringify(value)}`,
  }[format];
  return Object.entries(variables)
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('');
}
