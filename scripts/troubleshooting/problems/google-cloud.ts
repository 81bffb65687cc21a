import type { Family } from '../problem.ts';

export const GOOGLE_CLOUD: Family = {
  title: 'Cloud Run, API Gateway and API keys',
  problems: [
    {
      codes: ['google-api'],
      says: 'PERMISSION_DENIED',
      why: 'Google refused a request. The message has the request, the status and Google’s sentence.',
      fix: 'For `PERMISSION_DENIED`, run the command in the message, or add the permission to the role of [Set up a project](set-up.md). A new grant takes a few minutes.',
    },
    {
      codes: ['timeout'],
      says: 'took longer than …',
      why: 'Google needs longer than `timeout` allows. It goes on in the meantime.',
      fix: 'Run the job again: it continues. Or raise `timeout`.',
    },
    {
      codes: ['not-ready'],
      says: 'is not ready: …',
      why: 'The new revision did not start: the container crashed, does not listen on `PORT`, or can’t read a secret. What served before still serves.',
      fix: 'Read the log lines in the message. Try the image with `docker run -e PORT=8080 -p 8080:8080 IMAGE`.',
    },
    {
      codes: ['execution-failed'],
      says: 'The execution … failed',
      why: 'A task of the job ended with an error.',
      fix: 'Read the log lines in the message, correct the cause, and run the job again.',
    },
    {
      codes: ['check-failed'],
      says: 'does not answer as it should after …',
      why: 'The new revision started, but `check_url` did not answer as expected. Requests stay with what served before.',
      fix: 'Open the path on your machine. For 401 or 403 of a private service, name an account in `check_as` that is in `invokers`.',
    },
    {
      codes: ['no-service'],
      says: 'and a preview needs one',
      why: 'The service does not exist yet.',
      fix: 'Deploy it once from the main branch.',
    },
    {
      codes: ['overtaken'],
      says: 'Another deploy was faster',
      why: 'Two runs deployed the same thing at the same time, and the other one won.',
      fix: 'Give the workflow a `concurrency` group. Run the job again if this image is to run.',
    },
    {
      codes: ['provenance'],
      says: 'Input "require_provenance" asks where the image comes from',
      why: 'The image has no attestation of the repository or workflow that you require.',
      fix: 'Build it with `build.yml`. See [Promotion](promotion.md#require-provenance).',
    },
    {
      codes: ['spec-refused'],
      says: 'API Gateway refused …',
      why: 'Google found an error that Gangway’s own check missed.',
      fix: 'Correct what the annotations mark, and please report it with the document.',
    },
    {
      codes: ['breaking'],
      says: 'The document breaks callers of …',
      why: '`fail_on: breaking` is set, and an operation that callers use is removed or narrowed.',
      fix: 'Keep it, or set `fail_on: never` for this deploy.',
    },
    {
      codes: ['verify-failed'],
      says: 'does not answer as it should after',
      why: 'The gateway serves the config, but a route did not answer as `verify` expects. A new gateway needs some minutes.',
      fix: 'Call the route yourself with a key. Check the backend, `verify`, and raise `verify_timeout`.',
    },
    {
      codes: ['region'],
      says: 'API Gateway is not offered in …',
      why: 'API Gateway has fewer regions than Cloud Run.',
      fix: 'Set `location` to one that the message lists. The service can stay in its region.',
    },
    {
      codes: ['state'],
      says: ', and stays so',
      why: 'An API, a config or a gateway was left in a state such as FAILED.',
      fix: 'Run the job again. If it persists, look at it with the command in the message, and delete it if nothing needs it.',
    },
    {
      codes: ['streaming'],
      says: 'and Google never changes the mode of a gateway',
      why: '`streaming_mode` can only be set when a gateway is created.',
      fix: 'Use another name in `gateway`, or delete the gateway first.',
    },
    {
      codes: ['config-differs', 'config-missing', 'no-gateway', 'no-previous'],
      says: 'There is no gateway …',
      why: 'The gateway or the config that the inputs name does not exist, has no recorded predecessor, or was made by hand with other contents.',
      fix: 'Check `gateway`, `api` and `location`. Name a config that the message lists.',
    },
    {
      codes: ['too-many-configs'],
      says: 'configs, and Google allows …',
      why: 'The API is at Google’s limit of configs.',
      fix: 'Set `keep_configs`, or delete old ones with the command in the message.',
    },
    {
      codes: ['key-string'],
      says: 'Google gave no string for the API key …',
      why: 'The key is new or was just restored.',
      fix: 'Run the job again. If it persists, choose another `key_id`.',
    },
    {
      codes: ['changed', 'skipped', 'too-many-versions', 'unreachable-region', 'teardown'],
      says: 'Not deleted:',
      why: 'teardown could not delete everything: something is in use, is being changed, or could not be looked at.',
      fix: 'Run the job again. What is deleted stays deleted.',
    },
  ],
};
