import { startLocalCloud } from '../../local-cloud.ts';

/*
 * The local cloud in a process of its own, whose memory and time are its alone. It tells its exports to the process that forked it, and
 * stops when that lets go.
 */

const { host = '', environment = {} } = JSON.parse(process.env.GANGWAY_BENCH_ENGINE ?? '{}');
const engine = { host, environment, docker: 'docker', private: false, stop: async () => undefined };
const local = await startLocalCloud(engine, 0);
process.send?.({ exports: local.exports, stepEnvironment: local.stepEnvironment });
process.once('message', async () => {
  await local.close();
  process.exit();
});
process.on('disconnect', () => process.exit());
