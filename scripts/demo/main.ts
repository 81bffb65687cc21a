import { parseArgs } from 'node:util';
import { demo } from './demo.ts';
import { createTerminal } from './terminal.ts';

const usage = `Usage: npm run demo [-- options]

Takes examples/fastapi-on-cloud-run from a folder to a URL that answers only with an API key, on this machine.

  --keep                leave it running, and print the URL, the key and the shell exports; Ctrl-C stops it
  --operation-time MS   how long each of the cloud's long-running operations takes (default 0)
  --help                print this
`;

const { keep, operationTime } = options();
const terminal = createTerminal(process.stdout);
const stopped = new AbortController();
let interrupted = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // npm passes on the Ctrl-C that the terminal has sent already: only a later one means "at once".
    if (interrupted > 0 && Date.now() - interrupted > 2_000) process.exit(130);
    interrupted ||= Date.now();
    stopped.abort();
  });
}
process.exit(await demo({ keep, operationTime, terminal, signal: stopped.signal }));

function options(): { keep: boolean; operationTime: number } {
  try {
    const { values } = parseArgs({
      options: { keep: { type: 'boolean' }, 'operation-time': { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const milliseconds = Number(values['operation-time'] ?? 0);
    if (!Number.isInteger(milliseconds) || milliseconds < 0) {
      throw new Error(`--operation-time takes whole milliseconds, not ${values['operation-time']}`);
    }
    return { keep: values.keep ?? false, operationTime: milliseconds };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
