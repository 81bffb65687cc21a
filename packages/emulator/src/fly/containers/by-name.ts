import type { WebFront } from '../../contracts.ts';
import type { FlyState } from '../state.ts';
import { serviceOf } from './front.ts';

const DOMAIN = '.fly.dev';

/** `APP.fly.dev`: its own listener where it speaks HTTP; the machine itself where it does not. */
export function flyFront(fly: FlyState): WebFront {
  return {
    find(host, port) {
      if (!host.endsWith(DOMAIN)) return undefined;
      const app = fly.findApp(host.slice(0, -DOMAIN.length));
      if (!app?.url) return undefined;
      const listener = Number(new URL(app.url).port);
      if (port === undefined) return listener;
      const machine = [...app.machines.values()].find(
        (each) =>
          each.state === 'started' &&
          !each.cordoned &&
          serviceOf(each, port)?.ports?.some((open) => open.port === port),
      );
      const service = machine && serviceOf(machine, port);
      const open = service?.ports?.find((each) => each.port === port);
      if (!service || !open) return port === 80 || port === 443 ? listener : undefined;
      if (open.handlers?.includes('http')) return listener;
      // A machine that is only simulated has no port.
      return machine?.run?.port(service.internal_port ?? 0) ?? listener;
    },
  };
}
