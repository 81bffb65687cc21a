import { fields, flag, list, parseJson, text } from '@gangway/http';
import type { Container } from './container.ts';

/** The metadata key under which the machine keeps what its unit was made of. */
export const KEPT_KEY = 'gangway-container';

/** An image and how it is run. */
export interface Kept {
  readonly image: string;
  readonly container: Container;
}

type Variable = NonNullable<Container['env']>[number];
type Secret = NonNullable<Container['secrets']>[number];

const TEXTS = list(text);
const CONTAINER = fields<Container>({
  ports: TEXTS,
  env: list(fields<Variable>({ name: text, value: text }, 'name', 'value')),
  secrets: list(fields<Secret>({ name: text, secret: text, version: text }, 'name', 'secret', 'version')),
  volumes: TEXTS,
  command: TEXTS,
  args: TEXTS,
  user: text,
  memory: text,
  logDriver: text,
  network: (value, at) => (text(value, at) === 'host' ? 'host' : 'bridge'),
  privileged: flag,
  stdin: flag,
  tty: flag,
});
const KEPT = fields<Kept>({ image: text, container: CONTAINER }, 'image', 'container');

/** @throws RequestFailure when somebody else has changed it into something else */
export function readKept(of: string, json: string): Kept {
  return parseJson(Buffer.from(json), `The metadata ${KEPT_KEY} of ${of}`, KEPT);
}

export function writeKept(kept: Kept): string {
  return JSON.stringify(kept);
}
