import { checkOpenapi3, checkSwagger2, emit, readDocument } from '@gangway/openapi';
import { Validator } from '@seriousme/openapi-schema-validator';
import { parse } from 'yaml';

/** What became of a document in one dialect. */
export interface Verdict {
  readonly dialect: 'openapi3' | 'swagger2';
  /** `invalid`: so was the document. `faulty`: what was emitted is not right, and nothing was said. */
  readonly outcome: 'clean' | 'refused' | 'invalid' | 'faulty';
  readonly said: string;
}

/** Emits a document in both dialects and lets others judge what comes out; nothing for a text that is no document. */
export async function judge(path: string, source: string): Promise<readonly Verdict[]> {
  // What a snapshot begins with is the test's own.
  const text = source.replace(/^\uFEFF?(---\n[\s\S]*?\n---\n)?/, '');
  const root = read(text);
  if (root === undefined) return [];
  const valid = await isValid(root);
  return Promise.all(
    (['openapi3', 'swagger2'] as const).map(async (dialect): Promise<Verdict> => {
      const verdict = (outcome: Verdict['outcome'], said = '') => ({ dialect, outcome, said });
      try {
        const { document, diagnostics } = readDocument({ path: 'openapi.yaml', text });
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        if (document === undefined) return verdict(valid ? 'refused' : 'invalid', errors[0]?.code);
        const emitted = emit(document, { ...wishes(root), dialect });
        errors.push(...emitted.diagnostics.filter(({ severity }) => severity === 'error'));
        const json = JSON.parse(emitted.contents);
        const violations = (dialect === 'swagger2' ? checkSwagger2 : checkOpenapi3)(json);
        if (errors.length > 0) return verdict(valid ? 'refused' : 'invalid', errors[0]?.code);
        if (violations.length > 0) return verdict('faulty', violations[0]?.message);
        const wrong = await faultOf(json);
        if (wrong !== undefined) return verdict(valid ? 'faulty' : 'invalid', wrong);
        return verdict('clean');
      } catch (error) {
        return verdict('faulty', `${path}: ${error instanceof Error ? error.stack : error}`);
      }
    }),
  );
}

type Root = Record<string, unknown>;

function read(text: string): Root | undefined {
  try {
    const root: unknown = parse(text);
    if (typeof root !== 'object' || root === null) return undefined;
    return ('openapi' in root || 'swagger' in root) && 'paths' in root ? (root as Root) : undefined;
  } catch {
    return undefined;
  }
}

/** What an operator would ask for: an issuer for every token, and the rest left to the backend. */
function wishes(root: Root) {
  const { components, securityDefinitions } = root as {
    components?: { securitySchemes?: object };
    securityDefinitions?: object;
  };
  const schemes = Object.entries(components?.securitySchemes ?? securityDefinitions ?? {});
  const isToken = ({ type, scheme }: { type?: string; scheme?: string } = {}) =>
    type === 'oauth2' || type === 'openIdConnect' || scheme?.toLowerCase() === 'bearer';
  return {
    backend: { address: 'https://app-abc.a.run.app' },
    apiKey: true,
    jwt: schemes
      .filter(([, value]) => isToken(value))
      .map(([scheme]) => ({ scheme, issuer: 'https://issuer.example' })),
    passthrough: schemes.filter(([, value]) => !isToken(value)).map(([scheme]) => scheme),
  };
}

const validator = new Validator();

async function isValid(document: Root): Promise<boolean> {
  return (await faultOf(document)) === undefined;
}

async function faultOf(document: Root): Promise<string | undefined> {
  const { valid, errors } = await validator.validate(structuredClone(document));
  return valid ? undefined : JSON.stringify(errors).slice(0, 300);
}
