import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync(new URL('../../docs/how-to/terraform.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );
/** What docs/set-up.md makes. */
const SET_UP = ['GOOGLE_CLOUD_PROJECT', 'WORKLOAD_IDENTITY_PROVIDER', 'DEPLOY_SERVICE_ACCOUNT'];

const hcl = blocks('hcl').join('\n');
const outputs = [...hcl.matchAll(/^output "(\w+)"/gm)].map(([, name = '']) => name);
const used = [
  ...blocks('yaml')
    .join('\n')
    .matchAll(/vars\.(\w+)/g),
].map(([, name = '']) => name);

it("takes every variable of the workflow from Terraform's outputs, or from the set-up", () => {
  expect(used.length).toBeGreaterThan(SET_UP.length);
  expect(used.filter((name) => !outputs.includes(name) && !SET_UP.includes(name))).toEqual([]);
});

it('hands over every output, to the workflow or in words', () => {
  const said = page.replaceAll(/^```[\s\S]*?^```$/gm, '');
  const lost = outputs.filter((name) => !used.includes(name) && !said.includes(name));
  expect(lost).toEqual([]);
});

it('refers only to modules and resources that it declares', () => {
  const declared = new Set(
    [...hcl.matchAll(/^(?:module "(\w+)"|resource "(\w+)" "(\w+)")/gm)].map(([, module, type, name]) =>
      module ? `module.${module}` : `${type}.${name}`,
    ),
  );
  const referred = [...hcl.matchAll(/\b(module\.\w+|google_\w+\.\w+)\.\w+/g)].map(([, name = '']) => name);
  expect(referred.length).toBeGreaterThan(0);
  expect(referred.filter((name) => !declared.has(name))).toEqual([]);
});
