import type { Family } from '../problem.ts';

export const NETWORK: Family = {
  title: 'Network and runner',
  problems: [
    {
      codes: ['unreachable', 'network'],
      says: 'got no answer: …',
      why: 'The host is down, the runner has no way to it, or the answer broke off or took too long.',
      fix: 'Run the job again. On a self-hosted runner, check DNS, the firewall and [the proxy](credentials.md#behind-a-proxy).',
    },
    {
      codes: ['tls'],
      says: 'the TLS certificate or connection is not good',
      why: 'A proxy opens TLS with a certificate that Node does not trust.',
      fix: 'Name its certificate in `NODE_EXTRA_CA_CERTS`.',
    },
    {
      codes: ['proxy'],
      says: 'The proxy … refused to connect',
      why: 'The proxy in `HTTPS_PROXY` does not know you, does not allow the host, or is not a URL.',
      fix: 'Check the variable, or add the host to `NO_PROXY`.',
    },
    {
      codes: ['redirected'],
      says: 'was answered with a redirect',
      why: 'A proxy sent its login page, or the endpoint has moved. Requests with credentials never follow a redirect.',
      fix: 'Sign in to the proxy, or correct the endpoint.',
    },
    {
      codes: ['answer-too-large'],
      says: 'was answered with more than …',
      why: 'Something else answers: no list or document of Google is that long.',
      fix: 'Check the endpoint and the proxy.',
    },
    {
      codes: ['answer-damaged'],
      says: 'got a damaged answer',
      why: 'Something between the runner and the server cuts or changes answers. The request was tried three times.',
      fix: 'Check the proxy, and run the job again.',
    },
    {
      codes: ['answer-unexpected'],
      says: 'got an unexpected answer',
      why: 'A login page or another service answered.',
      fix: 'Check the endpoint and the proxy.',
    },
    {
      codes: ['disk-full'],
      says: 'no space is left on the disk',
      why: 'The disk of the runner or of the builder is full.',
      fix: 'Free space (`docker system df`, `docker builder prune`), or use a larger runner.',
    },
    {
      codes: ['system'],
      says: 'permission is denied',
      why: 'The operating system refused something: a permission, a path, a limit. The message names it.',
      fix: 'Check that path or limit on the runner. Files that a container made often belong to root.',
    },
    {
      codes: ['command-missing', 'command-failed'],
      says: '"…" can\'t be started',
      why: 'A program that the step needs is not on the runner, or failed.',
      fix: 'Install it. [Requirements](requirements.md) lists what each action needs.',
    },
    {
      codes: ['command-timeout', 'output-too-large'],
      says: 'was stopped: it did not end within …',
      why: 'A program hung, or printed far more than it should.',
      fix: 'Run the command of the message by hand on the runner.',
    },
    {
      codes: ['tool-download'],
      says: "can't be downloaded from …",
      why: 'The runner can’t reach the releases of flyctl or pack.',
      fix: 'Allow the host, or install the program and set its version input to `path`.',
    },
    {
      codes: ['tool-digest'],
      says: 'is not what was pinned: its sha256 is …',
      why: 'The archive is not the one that was released: it was replaced, or changed on the way.',
      fix: 'Do not use it before you know why.',
    },
    {
      codes: ['tool-archive'],
      says: "The archive of …, …, can't be used",
      why: 'The archive does not hold the program, or can’t be unpacked.',
      fix: 'Check that the version and its digest are those of a release.',
    },
  ],
};
