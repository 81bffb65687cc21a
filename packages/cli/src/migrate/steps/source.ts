import type { NewStep, Unit } from '../model/outcome.ts';
import type { JobContext } from './context.ts';

interface Source {
  readonly folder: string;
  /** Of the service or job. */
  readonly name: string;
  readonly region: string;
  readonly project: string | undefined;
}

/**
 * The step that builds what `--source` names, in the repository that gcloud uses: by the Dockerfile of the folder where it has one, else by
 * buildpacks.
 *
 * @see https://cloud.google.com/run/docs/deploying-source-code
 */
export function sourceBuild(
  unit: Unit,
  { folder, name, region, project }: Source,
  context: JobContext,
): NewStep | { readonly why: string } {
  const { step } = unit;
  const known =
    project ?? context.signIns[0]?.project ?? projectOfAccount(context) ?? projectOfSignIn(context);
  if (known === undefined)
    return {
      why: '--source: nothing says which project the image goes to: name it by --project or project_id',
    };
  if (/[,\n]/.test(region)) return { why: '--source: the image goes to one region' };
  const path = context.path(folder);
  if (path.startsWith('${{') && !path.endsWith('}}'))
    return { why: `--source: whether ${path} has a Dockerfile can't be seen` };
  const hasDockerfile = context.files.has(path === '.' ? 'Dockerfile' : `${path}/Dockerfile`);
  return {
    name: 'Build and push',
    id: context.newId('build'),
    action: 'build-and-push',
    with: {
      image: `${region}-docker.pkg.dev/${known}/cloud-run-source-deploy/${name}`,
      ...(path !== '.' && { context: path }),
      ...(!hasDockerfile && { build: 'buildpacks' }),
    },
    env: {},
    ...(step.condition !== undefined && { condition: step.condition }),
    rest: step.rest,
    notes: [
      hasDockerfile
        ? 'The runner builds the Dockerfile, and not Cloud Build.'
        : 'The runner builds by buildpacks, and not Cloud Build.',
    ],
    signsIn: true,
  };
}

/** The project of a service account whose address is written out. */
function projectOfAccount({ signIns, scope }: JobContext): string | undefined {
  const account = scope.canonical(signIns[0]?.inputs.service_account ?? '');
  return /@([a-z][a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(account)?.[1];
}

/** What google-github-actions/auth tells, which therefore stays. */
function projectOfSignIn({ signIns }: JobContext): string | undefined {
  const id = signIns[0]?.id;
  return id === undefined ? undefined : `\${{ steps.${id}.outputs.project_id }}`;
}
