import { gcloudPython } from './gcloud-python.ts';

/** Prints the flags of commands of gcloud, out of the tree that its shell completion uses. */
const FLAGS = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1] + '/data/cli')
from gcloud_completions import STATIC_COMPLETION_CLI_TREE as tree
flags = []
for command in sys.argv[2:]:
    at = tree
    for word in command.split(): at = at['commands'][word]
    flags.append(sorted(at['flags']))
print(json.dumps(flags))
`;

/** The flags of each command of the gcloud that is installed, e.g. `run deploy`, without those of all commands. */
export function gcloudFlags(...commands: readonly string[]): Promise<readonly (readonly string[])[]> {
  return gcloudPython(FLAGS, ...commands);
}
