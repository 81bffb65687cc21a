import { Engine } from '../cloud-run/engine.ts';
import { EngineConnection } from '../cloud-run/engine-connection.ts';

/** A Docker engine with all of its API at hand: machines need more of it than Cloud Run's instances. */
export class MachineEngine extends Engine {
  readonly connection: EngineConnection;

  /** @param host `unix:///path` or `tcp://host:port`; default DOCKER_HOST, then Docker's own default */
  constructor(host = process.env.DOCKER_HOST || 'unix:///var/run/docker.sock') {
    super(host);
    this.connection = new EngineConnection(host);
  }
}
