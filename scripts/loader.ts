/**
 * What the bundles need: `Set.prototype.difference` came with Node 22.0, `URL.parse` with 22.1
 * (https://nodejs.org/api/url.html#urlparseinput-base). The runner takes Node 24 for them.
 */
const MAJOR = 22;
const MINOR = 1;

/**
 * The file that a runner or a person starts: it loads a bundle where Node can run it, and says what is wrong where it can't. Its
 * syntax is that of the oldest Node there is, since a runner may take any: a bundle's own would end in a SyntaxError.
 *
 * @param bundle file beside it
 * @param kind a post step says nothing: the step did, and had nothing to leave behind; a command is started by a person, and is an ES module
 */
export function loader(bundle: string, kind: 'step' | 'post' | 'command'): string {
  const message = [
    `This action needs Node ${MAJOR}.${MINOR} or newer, and the runner started it with ' + process.version + '.`,
    'To fix it: update the runner to 2.327.1 or newer, which brings Node 24 along; with act, put Node 24 first on the PATH of the image.',
  ].join('%0A');
  const refusals = {
    step: ` console.log('::error::${message}'); process.exitCode = 1;`,
    post: '',
    command: ` console.error('gangway needs Node ${MAJOR}.${MINOR} or newer, and this is ' + process.version + '. Install a newer one: https://nodejs.org'); process.exitCode = 2;`,
  };
  const refusal = refusals[kind];
  return `'use strict';
var version = process.versions.node.split('.').map(Number);
if (version[0] < ${MAJOR} || (version[0] === ${MAJOR} && version[1] < ${MINOR})) {${refusal} }
else ${kind === 'command' ? 'import' : 'require'}('./${bundle}');
`;
}
