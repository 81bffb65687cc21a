import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Misuse } from '../misuse.ts';
import { actionFolders } from '../run/bundles.ts';
import { follow } from '../run/follow.ts';
import { eventOf } from '../run/given/event.ts';
import { openFolder } from '../run/repository.ts';
import type { Plan } from '../run/run.ts';
import { suiteFolder } from '../run/suite.ts';
import { reach } from '../run/uses.ts';
import { jobsOf, workflowFrom } from '../run/workflow.ts';
import type { Status } from '../status.ts';
import { type DeployFlags, USUAL } from './flags.ts';
import { type Guess, guess } from './guess.ts';
import { type Target, workflowText } from './workflow-text.ts';

/** Deploys a folder, again and again where it is watched. */
export async function deploy(asked: string, flags: DeployFlags): Promise<Status> {
  const folder = resolve(asked);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Misuse(`${asked} is no folder.`);
  const repository = await openFolder(folder);
  const found = guess(folder);
  const target = targetOf(found, relative(repository.folder, folder) || '.', repository.branch, flags);
  const path = typeof flags.writeWorkflow === 'string' ? flags.writeWorkflow : USUAL;
  const text = workflowText(target);
  const file = join(repository.folder, path);
  if (flags.writeWorkflow && existsSync(file) && readFileSync(file, 'utf8') !== text)
    throw new Misuse(`${path} already exists. Give --write-workflow another path.`);
  tell(target, found);
  const plan = async (): Promise<Omit<Plan, 'act'>> => {
    const suite = suiteFolder();
    const workflow = await workflowFrom(path, text);
    const jobs = jobsOf(workflow, undefined);
    const places = { folder: repository.folder, suite, actions: await actionFolders([]), skipped: [] };
    return {
      repository,
      workflow,
      job: undefined,
      event: eventOf(workflow, 'push', {}, repository),
      reached: reach(path, text, jobs, places),
      given: { variables: {}, secrets: {} },
      suite,
      verbose: flags.verbose === true,
    };
  };
  const status = await follow(plan, flags);
  if (flags.writeWorkflow && status === 0) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`Wrote ${path}. Its first lines say which variables to set on GitHub.`);
  }
  return status;
}

function targetOf(found: Guess, context: string, branch: string, flags: DeployFlags): Target {
  const service = flags.service ?? found.service;
  if (!/^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/.test(service))
    throw new Misuse(
      `--service ${service}: it has lowercase letters, digits and dashes, a letter first, 49 at most.`,
    );
  const specCommand = flags.specCommand ?? (flags.spec ? undefined : found.specCommand?.command);
  const document = flags.spec ?? found.spec;
  return {
    service,
    region: flags.region,
    repository: flags.repository,
    context,
    branch,
    ...(specCommand && { specCommand }),
    ...(document && !specCommand && { spec: join(context, document) }),
    ...(found.port && { port: found.port }),
    isPublic: flags.public === true,
  };
}

/** What was found out, so that nobody has to be asked. */
function tell({ service, region, specCommand, spec, port, isPublic }: Target, found: Guess): void {
  const document =
    specCommand === undefined
      ? (spec ?? `none, so ${isPublic ? 'anybody may call it' : 'it is private'}, without a gateway`)
      : specCommand;
  const why = specCommand === found.specCommand?.command ? found.specCommand?.from : undefined;
  console.log(`${service} in ${region}`);
  console.log(`  OpenAPI  ${document}${why ? `\n           (${why}; --spec-command names another)` : ''}`);
  if (port) console.log(`  port     ${port}`);
}
