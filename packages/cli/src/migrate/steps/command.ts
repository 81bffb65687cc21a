import type { Command } from 'unbash';
import { type Outcome, STAYS, type Unit } from '../model/outcome.ts';
import { readWord, type Words } from '../shell/words.ts';
import { saysToTheLog } from '../shell/writes.ts';
import { dockerBuild, dockerPush, dockerTag } from './build.ts';
import type { JobContext } from './context.ts';
import { flyDeploy, flySecrets } from './fly.ts';
import { gcloud } from './gcloud.ts';
import { runs } from './harmless.ts';
import { stays } from './place.ts';
import { keyOf } from './sign-in.ts';

const REGISTRY = /-docker\.pkg\.dev|(^|\.|\/)gcr\.io/;
const SIGNED_IN: Outcome = {
  kind: 'left',
  why: 'build-and-push signs in to the registry of its image',
  for: 'docker',
};
/** Commands of flyctl that change nothing. */
const READS =
  /^(version|status|logs?|info|auth (whoami|docker|token|login)|ips list|releases|machines? (list|status)|apps (list|open)|checks list|secrets list|config (validate|show|display|env)|platform \S+|volumes list|regions list|doctor|ping|--version|--help)/;

/** One command of a script. */
export function command(unit: Unit, one: Command, words: Words, context: JobContext): Outcome {
  const program = one.name?.value.replace(/^.*\//, '');
  if (program === undefined || !/^(gcloud|docker|flyctl|fly|kubectl|helm|skaffold)$/.test(program))
    return STAYS;
  if (/^(kubectl|helm|skaffold)$/.test(program))
    return stays(`${program}: no action here deploys to Kubernetes`);
  const args = one.suffix.flatMap((word) => (word.type === 'Word' ? [word] : []));
  const plain = args.map(({ value }) => words.restored(value)).join(' ');
  if (isRead(program, plain)) return STAYS;
  if (context.isLost && /\bbuild|--source|\breplace\b|--openapi-spec|^deploy\b/.test(plain))
    return stays(
      `${program} ${brief(plain)}: the folder that the shell is in is only known when the step runs`,
    );
  const read = args.map((word) => readWord(word, words));
  const unknown = read.find((word) => 'unknown' in word);
  if (unknown && 'unknown' in unknown) return stays(`${program} ${brief(plain)}: ${unknown.unknown}`);
  const given = read.map((word) => ('value' in word ? word.value : ''));
  const before = one.prefix.filter((item) => item.type !== 'Assignment' || item.name !== 'DOCKER_BUILDKIT');
  if (before.length > 0) return stays(`${program} ${brief(plain)}: a variable is set for this command alone`);
  if (!saysToTheLog(one) && !/^login\b/.test(plain))
    return stays(`${program} ${brief(plain)}: what it prints goes to a file`);
  if (program === 'gcloud') return gcloud(unit, given, context);
  return program === 'docker' ? docker(unit, given, context) : fly(unit, given, context);
}

/** Commands whose output goes to the next: signing in, and what installs flyctl. */
export function pipeline(unit: Unit, words: Words, context: JobContext): Outcome {
  const text = unit.part?.text ?? '';
  const [first, last] = unit.part?.commands ?? [];
  if (/^curl\b[\s\S]*fly\.io\/install\.sh/.test(text)) {
    return { kind: 'left', why: 'fly-deploy brings flyctl, whose digest it checks', for: 'fly' };
  }
  const named = last?.name?.value;
  if (named === 'docker' && /\blogin\b/.test(text) && REGISTRY.test(context.scope.canonical(text))) {
    const said = first?.suffix.flatMap((word) => (word.type === 'Word' ? [readWord(word, words)] : [])) ?? [];
    const key = said.map((word) => ('value' in word ? word.value : '')).join(' ');
    if (/_json_key/.test(text) && /^\$\{\{[\s\S]*\}\}$/.test(key)) keyOf(unit, key, context);
    return SIGNED_IN;
  }
  if (first?.name?.value === 'echo' && (named === 'base64' || named === 'tee')) {
    const [word] = first.suffix;
    const target = /(?:>\s*|tee\s+)("?[\w./$~{}-]+"?)\s*$/.exec(text)?.[1]?.replace(/"/g, '');
    const read = word?.type === 'Word' ? readWord(word, words) : undefined;
    if (target !== undefined && read && 'value' in read)
      context.keyFiles.set(target, { value: read.value, unit });
    return STAYS;
  }
  if (named === 'flyctl' || named === 'fly')
    return stays(`${brief(text)}: what it is given comes from another command`);
  if (runs(unit, /^(gcloud|docker)$/) && /\b(run deploy|builds submit|docker (build|push))\b/.test(text))
    return stays(`${brief(text)}: what it prints is read by another command`);
  return STAYS;
}

function docker(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const [verb = '', second = '', ...rest] = words;
  if (verb === 'build') return dockerBuild(unit, words.slice(1), context);
  if ((verb === 'buildx' || verb === 'image' || verb === 'builder') && second === 'build')
    return dockerBuild(unit, rest, context);
  if (verb === 'tag' || (verb === 'image' && second === 'tag'))
    return dockerTag(unit, verb === 'tag' ? words.slice(1) : rest, context);
  if (verb === 'push' || (verb === 'image' && second === 'push'))
    return dockerPush(unit, verb === 'push' ? words.slice(1) : rest, context);
  if (verb === 'login') return dockerLogin(unit, words.slice(1), context);
  if (verb === 'logout') {
    return { kind: 'left', why: 'nothing signs in to the registry on the runner', for: 'docker' };
  }
  if (verb === 'compose' && /\b(push|up)\b/.test(words.join(' ')))
    return stays(`docker ${brief(words.join(' '))}: no action here runs Compose`);
  return STAYS;
}

function dockerLogin(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  if (!REGISTRY.test(context.scope.canonical(words.join(' ')))) return STAYS;
  const at = words.findIndex((word) => /^(-p|--password)$/.test(word));
  const key =
    at >= 0
      ? words[at + 1]
      : words.find((word) => word.startsWith('--password='))?.slice('--password='.length);
  if (key !== undefined && words.some((word) => word.includes('_json_key'))) keyOf(unit, key, context);
  return SIGNED_IN;
}

function fly(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const [verb = '', ...rest] = words;
  if (verb === 'deploy') return flyDeploy(unit, rest, context);
  if (verb === 'secrets') return flySecrets(unit, rest, context);
  if (verb === 'auth' && rest[0] === 'token' && rest[1] !== undefined) context.flyToken = rest[1];
  if (READS.test(words.join(' '))) return STAYS;
  return stays(`flyctl ${brief(words.join(' '))}: no action here does it`);
}

/** Whether a command only reads, and so stays without a reason. */
function isRead(program: string, plain: string): boolean {
  if (program === 'docker')
    return (
      /^(run|pull|images?( ls| inspect| prune)?|ps|inspect|version|info|system|rmi|rm|stop|logs|exec|network|volume|create|cp|buildx (create|use|ls|inspect|version)|--version|compose (config|version)|context)( |$)/.test(
        plain,
      ) && !/^(image|buildx) (build|push|tag)/.test(plain)
    );
  if (program === 'gcloud')
    return (
      /^(?:(?:alpha|beta) )?(?:--\S+ )*(run (services|jobs|revisions) (list|describe|logs)|run services get-iam-policy|(run )?jobs executions|auth (print-|list)|config (get|list)|artifacts (docker|repositories|packages|versions) (\S+ )?(list|describe)|container images (list|describe)|builds (list|describe|log)|logging|projects (describe|list)|secrets versions access|secrets (list|describe)|api-gateway \S+ (describe|list)|sql \S+ (describe|list)|info|version|--version|help)/.test(
        plain,
      ) && !/^(info|version|--version)/.test(plain)
    );
  return READS.test(plain) && !/^auth token/.test(plain);
}

function brief(text: string): string {
  const line = text.replace(/\s*\\?\n[\s\S]*/, '').replace(/\$\{\{[\s\S]*?\}\}/g, '…');
  const [a = '', b = '', c = ''] = line.split(/\s+/);
  return [a, b, c].filter((word) => /^[a-z][\w-]*$/.test(word)).join(' ');
}
