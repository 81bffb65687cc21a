export { commentOnPullRequest } from './comment.ts';
export { type Deployment, endDeployments, recordDeployment } from './deployment.ts';
export { forkOf } from './fork.ts';
export {
  type CommentedPullRequest,
  commentedPullRequest,
  type PullRequest,
  pullRequest,
} from './pull-request.ts';
export { skipFork } from './skip-fork.ts';
