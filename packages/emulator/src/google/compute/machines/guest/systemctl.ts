import type { Outcome } from './shell.ts';
import { fullName, isBuiltIn, type Units } from './units.ts';

/** Exit codes of `systemctl status` and the like (https://www.freedesktop.org/software/systemd/man/latest/systemctl.html, "Exit status"). */
const NOT_ACTIVE = 3;
const NO_SUCH_UNIT = 4;

/** Carries out a command of systemctl's. */
export async function systemctl(units: Units, args: readonly string[]): Promise<Outcome> {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const [verb = 'list-units', ...names] = words;
  const isNow = args.includes('--now');
  const isLater = args.includes('--no-block');
  switch (verb) {
    case 'daemon-reload':
      await units.reload();
      return said();
    case 'start':
      return each(names, (name) => started(units, name, isLater));
    case 'stop':
      return each(names, async (name) => {
        const service = await units.find(name);
        if (!service) return notLoaded(name, 'stop');
        await service.stop();
        return said();
      });
    case 'restart':
    case 'try-restart':
    case 'reload-or-restart':
      return each(names, async (name) => {
        const service = await units.find(name);
        if (verb === 'try-restart' && service?.state !== 'active') return said();
        if (verb === 'reload-or-restart' && (await service?.reloadService())) return said();
        await service?.stop();
        return started(units, name, isLater);
      });
    case 'reload':
      return each(names, async (name) => {
        const isDone = await (await units.find(name))?.reloadService();
        return isDone
          ? said()
          : {
              code: 1,
              stdout: '',
              stderr: `Failed to reload ${fullName(name)}: Job type reload is not applicable for unit ${fullName(name)}.\n`,
            };
      });
    case 'enable':
    case 'disable':
      return each(names, async (name) => {
        if (!(await units.find(name)) && !isBuiltIn(fullName(name))) return notFound(name, verb);
        if (verb === 'enable') units.enabled.add(fullName(name));
        else units.enabled.delete(fullName(name));
        if (!isNow) return said();
        if (verb === 'enable') return started(units, name, isLater);
        await (await units.find(name))?.stop();
        return said();
      });
    case 'reset-failed':
      for (const name of names) (await units.find(name))?.resetFailed();
      return said();
    case 'is-active':
    case 'is-failed':
    case 'is-enabled':
    case 'status':
    case 'show':
    case 'cat':
      return each(names, (name) => asked(units, verb, name, args));
    default:
      return {
        code: 1,
        stdout: '',
        stderr: `Unknown command verb ${verb}: the local cloud's machines don't have it.\n`,
      };
  }
}

async function started(units: Units, name: string, isLater: boolean): Promise<Outcome> {
  const starting = units.start(name);
  if (isLater) return said();
  const failure = await starting;
  if (failure === undefined) return said();
  const isMissing = failure.endsWith('not found.');
  return {
    code: isMissing ? 5 : 1,
    stdout: '',
    stderr: isMissing ? `Failed to start ${fullName(name)}: ${failure}\n` : `${failure}\n`,
  };
}

async function asked(units: Units, verb: string, name: string, args: readonly string[]): Promise<Outcome> {
  const service = await units.find(name);
  const full = fullName(name);
  const state = service?.state ?? (isBuiltIn(full) ? 'active' : 'inactive');
  if (verb === 'is-active') return said(`${state}\n`, state === 'active' ? 0 : NOT_ACTIVE);
  if (verb === 'is-failed') return said(`${state}\n`, state === 'failed' ? 0 : 1);
  if (verb === 'is-enabled') {
    const isOn = units.enabled.has(full) || (!service && isBuiltIn(full));
    return said(`${isOn ? 'enabled' : 'disabled'}\n`, isOn ? 0 : 1);
  }
  if (!service && !isBuiltIn(full))
    return { code: NO_SUCH_UNIT, stdout: '', stderr: `Unit ${full} could not be found.\n` };
  if (verb === 'show') {
    const all = {
      ...{
        Id: full,
        LoadState: 'loaded',
        ActiveState: state,
        SubState: state === 'active' ? 'running' : state === 'failed' ? 'failed' : 'dead',
      },
      ...{
        Result: service?.result ?? 'success',
        NRestarts: String(service?.restarts ?? 0),
        ExecMainStatus: String(service?.exitCode ?? 0),
      },
    };
    const only = args.flatMap((arg, index) =>
      /^(?:-p|--property)$/.test(arg)
        ? [args[index + 1] ?? '']
        : (/^--property=(.*)$/.exec(arg)?.[1]?.split(',') ?? []),
    );
    const shown = Object.entries(all).filter(([key]) => only.length === 0 || only.includes(key));
    return said(
      shown.map(([key, value]) => `${args.includes('--value') ? '' : `${key}=`}${value}\n`).join(''),
    );
  }
  return said(`● ${full}\n     Loaded: loaded\n     Active: ${state}\n`, state === 'active' ? 0 : NOT_ACTIVE);
}

async function each(names: readonly string[], act: (name: string) => Promise<Outcome>): Promise<Outcome> {
  if (names.length === 0) return { code: 1, stdout: '', stderr: 'Too few arguments.\n' };
  const all: Outcome[] = [];
  for (const name of names) all.push(await act(name));
  return {
    code: all.find(({ code }) => code !== 0)?.code ?? 0,
    stdout: all.map(({ stdout }) => stdout).join(''),
    stderr: all.map(({ stderr }) => stderr).join(''),
  };
}

function said(stdout = '', code = 0): Outcome {
  return { code, stdout, stderr: '' };
}

function notLoaded(name: string, verb: string): Outcome {
  if (isBuiltIn(fullName(name))) return said();
  return {
    code: 5,
    stdout: '',
    stderr: `Failed to ${verb} ${fullName(name)}: Unit ${fullName(name)} not loaded.\n`,
  };
}

function notFound(name: string, verb: string): Outcome {
  return {
    code: 1,
    stdout: '',
    stderr: `Failed to ${verb} unit: Unit file ${fullName(name)} does not exist.\n`,
  };
}
