import { ActionError, lastLines, log, mask } from '@gangway/action';
import {
  DATABASE_SECRET,
  type Fly,
  findApp,
  listSecrets,
  managedDatabase,
  noteAttachment,
  updateSecrets,
} from '@gangway/fly';
import type { Flyctl } from '../flyctl/flyctl.ts';
import type { Inputs } from '../inputs.ts';

/**
 * Gives the app of a pull request a database of its own, once: in a managed cluster by Fly's API, in a Postgres app by
 * flyctl, which reaches it through a tunnel.
 *
 * @param privileged flyctl with the token that was given, since a deploy token of one app reaches no other
 * @throws ActionError `postgres`
 */
export async function attachPostgres(
  fly: Fly,
  flyctl: Pick<Flyctl, 'expectSecrets'>,
  app: string,
  { postgres }: Pick<Inputs, 'postgres'>,
  privileged: () => Pick<Flyctl, 'run'>,
): Promise<void> {
  if (!postgres) return;
  const secrets = await listSecrets(fly, app);
  if (secrets.some(({ name }) => name === DATABASE_SECRET)) {
    log.info(`${app} has the secret ${DATABASE_SECRET} already.`);
    return;
  }
  const organization = (await findApp(fly, app))?.organization.slug ?? '';
  const url = await managedDatabase(fly, postgres, { app, organization });
  if (url) {
    mask(url);
    // An application may show the parts of it.
    mask(decodeURIComponent(new URL(url).password));
    await flyctl.expectSecrets(app, await updateSecrets(fly, app, { [DATABASE_SECRET]: url }));
    await noteAttachment(fly, postgres, app);
  } else await attachUnmanaged(privileged(), app, postgres);
  log.info(`${app} has a database in ${postgres} now, by the secret ${DATABASE_SECRET}.`);
}

async function attachUnmanaged(flyctl: Pick<Flyctl, 'run'>, app: string, postgres: string): Promise<void> {
  // What it prints holds the password.
  const { exitCode, stderr } = await flyctl.run(['postgres', 'attach', postgres, '--app', app, '--yes'], {
    quiet: true,
    allowFailure: true,
  });
  if (exitCode === 0) return;
  throw new ActionError(
    `Input "postgres" names ${postgres}, to which flyctl can't attach ${app}: ${lastLines(stderr, 3)}`,
    {
      code: 'postgres',
      hint: 'write the id of a managed cluster, as "fly mpg list" shows it, or the name of a Postgres app of the same organization; api_token has to be an organization token',
    },
  );
}
