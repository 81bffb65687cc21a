import type { UpOptions } from '../options.ts';
import type { Place } from './place.ts';
import { signalled } from './signalled.ts';
import type { Message } from './start.ts';

/** What the process of a detached local cloud does. */
export async function serveDetached(): Promise<void> {
  const { place, options } = JSON.parse(process.env.GANGWAY_SERVE ?? '{}') as {
    place: Place;
    options: UpOptions;
  };
  delete process.env.GANGWAY_SERVE;
  const tell = (message: Message) => process.connected && process.send?.(message);
  try {
    const { serveCloud } = await import('../../on-demand.ts');
    const served = await serveCloud(place, options, (said) => {
      console.log(said);
      tell({ said });
    });
    tell({ ready: served.running });
    await Promise.race([served.stopped, signalled()]);
    await served.close();
    process.exit(0);
  } catch (error) {
    tell({ failed: (error as Error).message });
    console.error(error);
    process.exit(1);
  }
}
