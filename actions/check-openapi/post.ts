import { removeScratch, runPost } from '@gangway/action';

await runPost(removeScratch);
