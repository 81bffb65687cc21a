import { removeScratch, runPost } from '@gangway/action';

// A bundle of its own: the job's end need not load what the step was made of.
await runPost(removeScratch);
