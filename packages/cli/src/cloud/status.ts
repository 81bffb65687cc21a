import type { Resources } from '@gangway/emulator';
import { Command } from 'commander';
import type { End } from '../status.ts';
import { exportHint } from './env.ts';
import { theRunning } from './find.ts';
import { order } from './process/control.ts';

/** `gangway status`. */
export function statusCommand(end: End): Command {
  return new Command('status')
    .description('Show the local cloud of this folder and what was deployed to it.')
    .option('--json', 'print it for a program')
    .addHelpText('after', '\nExamples:\n  gangway status\n  gangway status --json | jq .resources.gateways')
    .action(async ({ json }: { json?: true }) => {
      const { place, running } = theRunning();
      const status = await order(place, 'status', {});
      const resources = await order(place, 'resources', {});
      if (json) console.log(JSON.stringify({ ...status, folder: place.folder, resources }, null, 2));
      else {
        const { origin, project, projectNumber, repository, requests, now, faults, dockerHost } = status;
        console.log(`The local cloud of ${place.folder} runs at ${origin} (process ${running.pid})`);
        console.log(`  project     ${project} (${projectNumber})`);
        console.log(`  repository  ${repository}`);
        console.log(`  containers  ${dockerHost ?? 'none: there is no Docker engine'}`);
        console.log(`  time        ${new Date(now).toISOString()}`);
        console.log(
          `  requests    ${requests} answered${faults > 0 ? `, ${faults} more will meet a fault` : ''}`,
        );
        console.log(`  console     ${origin}/`);
        console.log(`  exports     ${exportHint(running)}`);
        const lines = resourceLines(resources);
        console.log(lines.length === 0 ? 'Nothing is deployed yet.' : lines.join('\n'));
      }
      end(0);
    });
}

/** What was deployed, a line each. */
export function resourceLines(resources: Resources): string[] {
  const { services, jobs, gateways, keys, apps, repositories } = resources;
  const rows = [
    ...services.map((one) => [
      'Cloud Run',
      one.name,
      one.location,
      one.url,
      one.ready ? one.serves : 'not ready',
    ]),
    ...jobs.map((one) => ['job', one.name, one.location, `${one.executions} executions`, '']),
    ...gateways.map((one) => ['gateway', one.name, one.location, one.url, one.serves]),
    ...keys.map((one) => ['API key', one.name, '', one.services.join(', '), '']),
    ...apps.map((one) => ['Fly.io app', one.name, '', one.url, `${one.machines} machines`]),
    ...repositories.map((one) => [
      'repository',
      one.name.split('/').at(-1) ?? '',
      '',
      `${one.images} images`,
      '',
    ]),
  ];
  // A cell with nothing after it needs no column: the name of a managed service is long.
  const width = (row: readonly string[], column: number) =>
    row.slice(column + 1).some(Boolean) ? (row[column] ?? '').length : 0;
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => width(row, column))));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
