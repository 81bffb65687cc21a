import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { Misuse } from '../misuse.ts';

/** What a folder says of the service in it. */
export interface Guess {
  /** Name of the service. */
  readonly service: string;
  /** A command that prints its OpenAPI document in the image, and what it was found by. */
  readonly specCommand?: { readonly command: string; readonly from: string };
  /** Path of an OpenAPI document in the folder. */
  readonly spec?: string;
  /** The port that it listens on, where it does not take PORT's word for it. */
  readonly port?: string;
}

/** Folders that hold no source of the service's own. */
const OTHERS = new Set(['node_modules', '.venv', 'venv', 'tests', 'test', '__pycache__', 'dist', 'build']);
const DOCUMENTS = ['openapi', 'swagger'].flatMap((name) =>
  ['yaml', 'yml', 'json'].map((end) => `${name}.${end}`),
);

/** Looks at a folder. @throws Misuse when it has no Dockerfile */
export function guess(folder: string): Guess {
  const file = join(folder, 'Dockerfile');
  if (!existsSync(file))
    throw new Misuse(
      `${folder} has no Dockerfile. Name the folder that has it: gangway deploy DIR. Without one, write one that starts your server on 0.0.0.0 and the port in PORT.`,
    );
  const dockerfile = readFileSync(file, 'utf8');
  const specCommand = commandIn(dockerfile) ?? sourceIn(folder);
  const spec = DOCUMENTS.find((name) => existsSync(join(folder, name)));
  const port = portIn(dockerfile);
  return {
    service: nameOf(folder),
    ...(specCommand && { specCommand }),
    ...(spec && !specCommand && { spec }),
    ...(port && { port }),
  };
}

/** The module and the name of the application that the Dockerfile starts a server with. */
function commandIn(dockerfile: string): Guess['specCommand'] {
  const plain = dockerfile.replace(/\\\n/g, ' ').replace(/["',]/g, ' ');
  const [line] =
    plain.match(/^(?:CMD|ENTRYPOINT)\b.*\b(?:uvicorn|gunicorn|hypercorn|granian|fastapi)\b.*$/m) ?? [];
  if (line === undefined) return undefined;
  const [, module, name] = /\s([A-Za-z_][\w.]*):([A-Za-z_]\w*)(?=\s|$)/.exec(line) ?? [];
  if (module && name)
    return { command: pythonCommand(module, name), from: `the Dockerfile starts ${module}:${name}` };
  const [, path] = /\bfastapi\s+run\s+(?:--\S+\s+)*([\w./-]+\.py)/.exec(line) ?? [];
  if (!path) return undefined;
  const found = path
    .replace(/^\.?\//, '')
    .replace(/^src\//, '')
    .replace(/\.py$/, '')
    .replaceAll('/', '.');
  return { command: pythonCommand(found, 'app'), from: `the Dockerfile starts ${path} with fastapi run` };
}

/** The first module whose source makes a FastAPI application. */
function sourceIn(folder: string): Guess['specCommand'] {
  for (const path of pythonFiles(folder, 4)) {
    const [, name] =
      /^(\w+)\s*(?::[^=\n]+)?=\s*(?:fastapi\.)?FastAPI\(/m.exec(readFileSync(path, 'utf8')) ?? [];
    if (!name) continue;
    const below = relative(folder, path).replaceAll('\\', '/');
    const module = below
      .replace(/^src\//, '')
      .replace(/(\/__init__)?\.py$/, '')
      .replaceAll('/', '.');
    return { command: pythonCommand(module, name), from: `${below} makes a FastAPI application, ${name}` };
  }
  return undefined;
}

function pythonFiles(folder: string, depth: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((one) => one.isFile() && one.name.endsWith('.py'));
  const folders = entries.filter(
    (one) => one.isDirectory() && !OTHERS.has(one.name) && !one.name.startsWith('.'),
  );
  return [
    ...files.map(({ name }) => join(folder, name)),
    ...(depth > 0 ? folders.flatMap(({ name }) => pythonFiles(join(folder, name), depth - 1)) : []),
  ];
}

function pythonCommand(module: string, name: string): string {
  return `python -c 'import json, ${module} as m; print(json.dumps(m.${name}.openapi()))'`;
}

/** Cloud Run tells a container its port in PORT; one that listens elsewhere has to be known by it. */
function portIn(dockerfile: string): string | undefined {
  if (/\$\{?PORT\b/.test(dockerfile.replace(/^EXPOSE.*$/gm, ''))) return undefined;
  const [, flag] = /--(?:port|bind)["',=\s]+(?:[\d.]+:)?(\d{2,5})/.exec(dockerfile) ?? [];
  const [, exposed] = /^EXPOSE\s+(\d{2,5})/m.exec(dockerfile) ?? [];
  const port = flag ?? exposed;
  return port === '8080' ? undefined : port;
}

/** A folder's name as Cloud Run and API Gateway take it. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 49)
    .replace(/-+$/, '');
  return name || 'app';
}
