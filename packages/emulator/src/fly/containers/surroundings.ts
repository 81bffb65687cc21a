import type { Repositories } from '../../contracts.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Watch } from '../../kernel/forward/front.ts';
import type { Listening } from '../../kernel/forward/listening.ts';
import type { Ports } from '../../kernel/ports.ts';
import type { FlyState } from '../state.ts';

/** What machines ask of what is around them: their images, their socket, their log. */
export interface Surroundings {
  readonly clock: Clock;
  /** Of the local cloud, where images are pulled from and a machine's socket leads. */
  readonly origin: string;
  readonly listening: Listening;
  readonly fly: FlyState;
  /** Folder of a cloud that keeps its data. */
  readonly data?: string | undefined;
  /** Where the apps answered before. */
  readonly ports: Ports;
  readonly repositories: Repositories;
  /** Told of each request to an app. */
  readonly report: Watch['report'];
}
