import { log, remembered, removeScratch, runPost } from '@gangway/action';
import { readRecordInputs } from './inputs.ts';
import { keepRecord } from './record/keep.ts';
import { gangway } from './start/gangway.ts';
import { STARTED } from './start/started.ts';

await runPost(async () => {
  try {
    if (remembered(STARTED)) {
      const inputs = readRecordInputs();
      if (inputs.keep === 'always' || (inputs.keep === 'failure' && inputs.failed))
        await keepRecord(inputs.name);
    }
  } finally {
    if (remembered(STARTED)) {
      const { exitCode, stderr } = await gangway(['down'], { allowFailure: true, evenIfCancelled: true });
      if (exitCode !== 0) log.warning(`The local cloud could not be stopped: ${stderr.trim()}`);
    }
    await removeScratch();
  }
});
