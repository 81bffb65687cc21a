/** Where the machine has the script that the unit runs. */
export function startPath(name: string): string {
  return `/etc/gangway/${name}/start`;
}

export function unitName(name: string): string {
  return `gangway-${name}.service`;
}

/** Seconds that a container gets to end by itself, and that systemd waits longer. */
const STOP = 30;

/**
 * The systemd unit of a container. No value of a user's is in it, where `%` and backslashes have a meaning of their own: they are in
 * the script that it runs. What it says goes to the serial port too, where it can be read when the machine can't be
 * reached. `/root` is read-only on Container-Optimized OS: HOME is where Docker's login is written.
 *
 * @param name of the container
 * @see https://cloud.google.com/container-optimized-os/docs/how-to/run-container-instance
 */
export function unit(name: string): string {
  return `[Unit]
Description=Container ${name}, deployed by Gangway
Wants=gcr-online.target docker.socket network-online.target
After=gcr-online.target docker.socket docker.service network-online.target
StartLimitIntervalSec=0

[Service]
Environment=HOME=/var/lib/gangway/${name}
ExecStart=/bin/bash ${startPath(name)}
ExecStop=/bin/bash ${startPath(name)} stop
TimeoutStartSec=0
TimeoutStopSec=${STOP + 15}
Restart=always
RestartSec=5
StandardOutput=journal+console
StandardError=journal+console
`;
}

/** Seconds for `docker stop`. */
export const STOP_SECONDS = STOP;
