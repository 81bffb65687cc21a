/** The program that sent a request, as far as its `User-Agent` tells. */
export interface Client {
  /** For a person: `gcloud run deploy`, `gangway deploy-cloud-run`, `docker`. */
  readonly name: string;
  /** The same for all requests of one run of it, where it says so; else its name. */
  readonly run: string;
}

/** Libraries that speak for the program that uses them, which names itself before or after. */
const LIBRARIES = /^(?:go-http-client|gl-\w+|gccl|gapic|rest|grpc-\w+|node|undici|got|axios)\//i;

/** Reads a `User-Agent`. */
export function clientOf(agent: string): Client {
  const [, command] = /\bcommand\/([\w.-]+)/.exec(agent) ?? [];
  const [, invocation] = /\binvocation-id\/([\w-]+)/.exec(agent) ?? [];
  if (command) {
    // `None` is what gcloud says of what it does before it knows its command.
    const name = command === 'None' ? 'gcloud' : command.replaceAll('.', ' ');
    return { name, run: invocation ?? name };
  }
  const [, action] = /^gangway \(([\w-]+)\)/.exec(agent) ?? [];
  if (action) return alone(`gangway ${action}`);
  const [, peer] = /^google-github-actions:([\w-]+)/.exec(agent) ?? [];
  if (peer) return alone(`google-github-actions/${peer}`);
  if (/^mozilla\//i.test(agent)) return alone('browser');
  const products = agent.split(' ').filter((part) => /^[\w.-]+(?:\/|$)/.test(part));
  const product = products.find((part) => !LIBRARIES.test(part)) ?? products[0] ?? '';
  return alone(product.split('/')[0] || 'unknown client');
}

function alone(name: string): Client {
  return { name, run: name };
}
