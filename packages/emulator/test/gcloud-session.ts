import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { find } from '@gangway/engine';

// some tests need: gcloud

interface GcloudResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** gcloud in one process that runs many commands: starting it takes longer than most of them. */
export interface GcloudSession extends AsyncDisposable {
  /** @param line words as a shell takes them, without `gcloud` */
  run(...args: readonly string[]): Promise<GcloudResult>;
}

/** Runs the commands that come in, one JSON list a line, and prints a JSON object for each. */
const PROGRAM = String.raw`
import io, json, os, sys
home = sys.argv[1]
sys.path[0:0] = [os.path.join(home, 'lib', 'third_party'), os.path.join(home, 'lib')]
sys.argv = ['gcloud']
from googlecloudsdk import gcloud_main
from googlecloudsdk.core import log, properties
from googlecloudsdk.core.credentials import store
answers = os.fdopen(os.dup(1), 'w')
cli = gcloud_main.CreateCLI([])
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    sys.stdout, sys.stderr = out, err
    log.Reset(out, err)
    code = 0
    try:
        cli.Execute(json.loads(line))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException as error:
        code = 1
        err.write('crashed: %r' % error)
    answers.write(json.dumps({'code': code, 'stdout': out.getvalue(), 'stderr': err.getvalue()}) + '\n')
    answers.flush()
`;

export function gcloudSession(env: Readonly<Record<string, string | undefined>>): GcloudSession {
  const [gcloud = ''] = find('gcloud');
  const home = dirname(dirname(realpathSync(gcloud)));
  const bundled = join(home, 'platform/bundledpythonunix/bin/python3');
  const python = find(bundled).length > 0 ? bundled : 'python3';
  const child: ChildProcess = spawn(python, ['-c', PROGRAM, home], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  return {
    async run(...args) {
      child.stdin?.write(`${JSON.stringify(args)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`gcloud ended in the middle of: ${args.join(' ')}`);
      return JSON.parse(value) as GcloudResult;
    },
    async [Symbol.asyncDispose]() {
      child.stdin?.end();
      child.kill();
    },
  };
}
