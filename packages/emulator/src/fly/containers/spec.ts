import { type ContainerConfig, KEPT_OUTPUT } from '../../docker/engine.ts';
import type { ArchiveFile } from '../../docker/tar.ts';
import { portsOf } from '../machines/config.ts';
import { environmentOf } from '../machines/environment.ts';
import type { Machine } from '../machines/machine.ts';

const MB = 1024 * 1024;
/** Docker takes no less. */
const LEAST_MEMORY = 6;

/**
 * What an engine is to run for a machine.
 * @param image the local registry's name of it, with the digest
 * @param folder what the machine finds as `/.fly`
 * @param cpus how many the engine has
 */
export function containerSpec(
  machine: Machine,
  image: string,
  label: string,
  folder: string,
  cpus: number,
): ContainerConfig {
  const { config } = machine;
  const { init, guest } = config;
  const [key = '', ...value] = label.split('=');
  const ports = portsOf(config).map((port) => `${port}/tcp`);
  const memory = Math.max(guest?.memory_mb ?? 256, LEAST_MEMORY) * MB;
  return {
    Image: image,
    Env: Object.entries(environmentOf(machine)).map(([name, text]) => `${name}=${text}`),
    ...(init?.entrypoint?.length && { Entrypoint: init.entrypoint }),
    ...(init?.cmd?.length && { Cmd: init.cmd }),
    // `exec` stands in for both.
    ...(init?.exec?.length && { Entrypoint: init.exec.slice(0, 1), Cmd: init.exec.slice(1) }),
    Labels: { [key]: value.join('='), 'dev.gangway.machine': machine.id },
    ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
    HostConfig: {
      PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '' }]])),
      ...KEPT_OUTPUT,
      Memory: memory,
      MemorySwap: memory,
      NanoCpus: Math.min(guest?.cpus ?? 1, cpus) * 1e9,
      Binds: [`${folder}:/.fly`],
    },
  };
}

/** The files that a configuration or a secret holds, to be put into the machine before it starts. */
export function filesOf({ config, secrets }: Machine): ArchiveFile[] {
  return (config.files ?? []).flatMap(({ guest_path, raw_value, secret_name, mode }) => {
    const encoded = secret_name === undefined ? raw_value : secrets[secret_name];
    if (encoded === undefined) return [];
    return [
      { path: guest_path.replace(/^\/+/, ''), mode: mode ?? 0o644, content: Buffer.from(encoded, 'base64') },
    ];
  });
}
