export { commentOnPullRequest } from './comment.ts';
export { type PullRequest, pullRequest } from './pull-request.ts';
