import type { Tree } from './tree.ts';

/**
 * What s6-overlay's /init does with a tree, by the s6 that Debian has: s6-rc, which s6-overlay uses to order services, is in
 * no suite of Debian, so the order comes from the caller. A shell script, to be PID 1.
 */
export function initScript({ order }: Tree): string {
  const longruns = order.filter(({ type }) => type === 'longrun').map(({ name }) => name);
  const started = order.map(({ name, type }) => `${type} ${name}`);
  return `#!/bin/sh
[ $$ -eq 1 ] || { echo "init: fatal: can only run as pid 1" >&2; exit 100; }
results=/run/s6-linux-init-container-results
mkdir -p /run/s6/container_environment /run/s6/basedir/bin /run/service $results
env | while IFS= read -r line; do printf %s "\${line#*=}" > "/run/s6/container_environment/\${line%%=*}"; done
printf '#!/bin/sh\\nkill -TERM 1\\n' > /run/s6/basedir/bin/halt
chmod +x /run/s6/basedir/bin/halt
for name in ${longruns.join(' ')}; do
  cp -R "/etc/s6-overlay/s6-rc.d/$name" "/run/service/$name"
  touch "/run/service/$name/down"
done
s6-svscan /run/service & svscan=$!
stopping=
halt() {
  [ -z "$stopping" ] || return
  stopping=yes
  for name in ${longruns.toReversed().join(' ')}; do s6-svc -wD -T 5000 -d "/run/service/$name" 2> /dev/null; done
  kill -TERM $svscan
}
trap halt TERM INT
until s6-svok /run/service/${longruns.at(-1)}; do sleep 0.02; done
oneshot() { sh -c "exec $(cat "/etc/s6-overlay/s6-rc.d/$1/up")" & wait $!; }
longrun() {
  until s6-svok "/run/service/$1"; do sleep 0.02; done
  up=-u
  if [ -f "/run/service/$1/notification-fd" ]; then up=-U; fi
  s6-svc -u "/run/service/$1" && { s6-svwait $up -t 60000 "/run/service/$1" & wait $!; }
}
while read -r type name; do
  [ -z "$stopping" ] || break
  if ! $type "$name" && [ -z "$stopping" ]; then
    echo "init: fatal: unable to start service $name" >&2
    if [ "\${S6_BEHAVIOUR_IF_STAGE2_FAILS:-0}" = 2 ]; then echo 1 > $results/exitcode; halt; fi
    break
  fi
done <<'ORDER'
${started.join('\n')}
ORDER
while kill -0 $svscan 2> /dev/null; do wait $svscan; done
exit "$(cat $results/exitcode 2> /dev/null || echo 0)"
`;
}
