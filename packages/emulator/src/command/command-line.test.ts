import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';

describe('parseCommandLine', () => {
  it('has a default for everything', () => {
    expect(parseCommandLine([])).toEqual({ help: false, envFile: undefined, verbose: false, options: {} });
  });

  it('reads every flag', () => {
    const args = [
      '--port',
      '8080',
      '--env-file=e',
      '--project',
      'my-project',
      '--bare',
      '--real-hosts',
      '--verbose',
      '--environment=production',
      '--repository=acme/shop',
      '--ref=refs/tags/v1',
      '--event=release',
      '--called-workflow=acme/flows/.github/workflows/deploy.yml@refs/heads/main',
      '--operation-time',
      '250',
      '--docker-host',
      'unix:///s',
      '--data=kept',
      '--host=cloud.test',
      '--host=*.cloud.test',
    ];
    expect(parseCommandLine(args)).toEqual({
      help: false,
      envFile: 'e',
      verbose: true,
      options: {
        port: 8080,
        project: 'my-project',
        bare: true,
        realHosts: true,
        job: {
          repository: 'acme/shop',
          ref: 'refs/tags/v1',
          event: 'release',
          environment: 'production',
          calledWorkflow: 'acme/flows/.github/workflows/deploy.yml@refs/heads/main',
        },
        operationTime: 250,
        dockerHost: 'unix:///s',
        data: 'kept',
        hosts: ['cloud.test', '*.cloud.test'],
      },
    });
  });

  it.each([
    [['--port', '70000'], '--port must be a whole number from 0 to 65535, not "70000"'],
    [['--port', '80x'], '--port must be'],
    [['--operation-time', '-1'], '--operation-time'],
    [['--project', 'P'], '--project must be'],
    [['--docker-host', '/var/run/docker.sock'], '--docker-host must be like unix://'],
    [['--host', 'cloud.test:80'], '--host must be a host name'],
    [['--data', ''], '--data must be the path of a folder'],
    [['--host', '*'], '--host must be a host name'],
    [['--repository', 'shop'], '--repository must be OWNER/NAME, not "shop"'],
    [['--ref', 'main'], '--ref must be like refs/heads/main'],
    [['--event', 'Push now'], '--event must be the name of an event'],
    [['--called-workflow', 'deploy.yml'], '--called-workflow must be like OWNER/NAME'],
    [['--prot', '1'], '--prot'],
    [['stray'], 'stray'],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });
});
