import { baseImage, type Engine, find, startEngine } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActEvent, runAct } from '../../scripts/act/run-act.ts';
import { type LocalCloud, startLocalCloud } from '../../scripts/local-cloud.ts';
import { exampleFiles } from '../helpers/example-files.ts';

// needs: base-image, act
// takes minutes

const [act] = find('act');

describe.runIf(act)('a monorepo of FastAPI services under act', () => {
  let engine: Engine;
  let local: LocalCloud;

  beforeAll(async () => {
    engine = await startEngine();
    local = await startLocalCloud(engine, 0);
  });

  afterAll(async () => {
    await local?.close();
    await engine?.stop();
  });

  it('has a gateway and a key for each service, and neither key opens the other', async () => {
    const events: ActEvent[] = [];
    const caller = exampleFiles('fastapi-monorepo', await baseImage(engine));
    const onEvent = (event: ActEvent) => events.push(event);
    const run = await runAct({ act: act ?? '', base: '', local, onEvent, caller });
    const said = events.map(({ msg }) => msg?.trimEnd()).join('\n');
    expect(run.jobResults, said).toEqual(['success', 'success']);

    const { apiGateway, apiKeys } = local.cloud;
    const hosts = new Map(
      [...apiGateway.gateways].map(([name, { defaultHostname }]) => [
        name.replace(/^.*\//, ''),
        defaultHostname,
      ]),
    );
    const keys = new Map(
      apiKeys.list(Date.now()).map(({ name, keyString }) => [name.replace(/^.*\//, ''), keyString]),
    );
    expect([...hosts.keys()].toSorted()).toEqual(['forecast', 'meters']);
    const ask = (service: string, path: string, key: string, body?: object) =>
      fetch(`http://${hosts.get(service)}${path}`, {
        headers: { 'x-api-key': keys.get(key) ?? '', 'content-type': 'application/json' },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
    const household = { occupants: 2, floor_area: 60 };
    const forecast = await ask('forecast', '/forecasts', 'forecast', household);
    expect([forecast.status, await forecast.json()]).toEqual([200, { kilowatt_hours: 4.8 }]);
    const meter = await ask('meters', '/meters/m-1', 'meters');
    expect([meter.status, await meter.json()]).toEqual([200, { id: 'm-1', reading: 4217.5 }]);
    expect((await ask('meters', '/meters/m-1', 'forecast')).status).toBe(403);
    expect((await ask('meters', '/forecasts', 'meters')).status).toBe(404);
  });
});
