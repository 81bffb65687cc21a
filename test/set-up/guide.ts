import { readFileSync } from 'node:fs';

/** What docs/set-up.md says, or another guide with commands, read off its text. */
export interface Guide {
  /** Every command up to where the variants begin. */
  readonly script: string;
  /** The sections that make roles. */
  readonly actions: readonly Section[];
  /** The roles that are made, with what they hold. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  /** Every granting command, to the member that a section sets. */
  grantsOf(section: string): string;
  /** The commands of a section, with the variables they need. */
  scriptOf(section: string): string;
}

interface Section {
  readonly heading: string;
  readonly blocks: readonly string[];
  /** The roles that its commands make. */
  readonly makes: readonly string[];
  /** Those, and the ones that it grants. */
  readonly uses: readonly string[];
  /** The permissions that its table explains. */
  readonly explained: readonly string[];
  /** The sections that its text links to. */
  readonly links: readonly string[];
  /** Whether it is among the variants. */
  readonly variant: boolean;
}

const VARIANTS = 'Without a service account';
const ROLE = /gcloud iam roles create (\w+) .*<<EOF\n[\s\S]*?includedPermissions:\n([\s\S]*?)\nEOF$/gm;

export function readGuide(path: URL): Guide {
  const all = sectionsOf(readFileSync(path, 'utf8'));
  const main = all.filter(({ variant }) => !variant).flatMap(({ blocks }) => blocks);
  const variables = main.flatMap((block) => block.match(/^(export )?[A-Z_]+=.*$/gm) ?? []);
  const find = (heading: string) => {
    const section = all.find((candidate) => candidate.heading === heading);
    if (!section) throw new Error(`the guide has no section "${heading}"`);
    return section;
  };
  return {
    script: main.join('\n'),
    actions: all.filter(({ explained }) => explained.length > 0),
    roles: new Map(
      [
        ...all
          .flatMap(({ blocks }) => blocks)
          .join('\n')
          .matchAll(ROLE),
      ].map(([, role = '', held = '']) => [role, held.split('\n').map((line) => line.replace(/^- /, ''))]),
    ),
    grantsOf: (heading) =>
      [
        ...variables,
        ...find(heading).blocks,
        ...main.filter((block) => block.includes('--member=$MEMBER') && !block.includes(' create ')),
      ].join('\n'),
    scriptOf: (heading) => [...variables, ...find(heading).blocks].join('\n'),
  };
}

function sectionsOf(text: string): Section[] {
  const parts = text.split(/^#{1,3} /m).slice(1);
  const headings = parts.map((part) => part.slice(0, part.indexOf('\n')));
  const variants = headings.indexOf(VARIANTS);
  return parts.map((part, index) => {
    const blocks = [...part.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block.trim());
    return {
      heading: headings[index] ?? '',
      blocks,
      makes: [...blocks.join('\n').matchAll(ROLE)].map(([, role = '']) => role),
      uses: [...new Set(blocks.join('\n').match(/\bgangway[A-Z]\w+/g) ?? [])],
      explained: [...part.matchAll(/^\| `(\w+\.\w+\.\w+)` \|/gm)].map(([, permission = '']) => permission),
      links: [...part.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor = '']) => anchor),
      variant: variants >= 0 && index >= variants,
    };
  });
}
