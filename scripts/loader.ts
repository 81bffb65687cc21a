/**
 * What the bundles need: `Set.prototype.difference` came with Node 22.0, `URL.parse` with 22.1
 * (https://nodejs.org/api/url.html#urlparseinput-base). The runner takes Node 24 for them.
 */
const MAJOR = 22;
const MINOR = 1;

/** What the bundles are made and tested for, and what `using: node24` of each action.yml asks for. */
const MADE_FOR = 24;

/**
 * The file that a runner starts: it loads a bundle where Node can run it, and says what is wrong where it can't. Its
 * syntax is that of the oldest Node there is, since a runner may take any: a bundle's own would end in a SyntaxError.
 *
 * @param bundle file beside it
 * @param kind a post step says nothing: the step did, and had nothing to leave behind
 */
export function loader(bundle: string, kind: 'step' | 'post'): string {
  const fix =
    'To fix it: update the runner to 2.327.1 or newer, which brings Node 24 along; with act, put Node 24 first on the PATH of the image.';
  const refusal = `This action needs Node ${MAJOR}.${MINOR} or newer, and the runner started it with ' + process.version + '.%0A${fix}`;
  const older = `This action is made for Node ${MADE_FOR}, and the runner started it with ' + process.version + '. It may fail where it should not.%0A${fix}`;
  const [refuse, warn] =
    kind === 'post'
      ? ['', '']
      : [
          ` console.log('::error::${refusal}'); process.exitCode = 1;`,
          ` if (version[0] < ${MADE_FOR}) console.log('::warning::${older}');`,
        ];
  return `'use strict';
var version = process.versions.node.split('.').map(Number);
if (version[0] < ${MAJOR} || (version[0] === ${MAJOR} && version[1] < ${MINOR})) {${refuse} }
else {${warn} require('./${bundle}'); }
`;
}

/**
 * The file that a person starts: `gangway openapi` runs in the Node at hand where that can, all else in Node 24, which is
 * fetched where this is older.
 */
export function commandLoader(): string {
  return `var version = process.versions.node.split('.').map(Number);
var light = process.argv[2] === 'openapi';
if (version[0] >= ${MADE_FOR}) import(light ? './openapi.mjs' : './main.mjs');
else if (light && (version[0] > ${MAJOR} || (version[0] === ${MAJOR} && version[1] >= ${MINOR}))) import('./openapi.mjs');
else import('./node.cjs').then(function (node) { node.default.start(); });
`;
}
