import type { Family } from '../problem.ts';

export const IMAGE: Family = {
  title: 'Build, push and registry',
  problems: [
    {
      codes: ['build-failed'],
      says: 'The build failed…',
      why: 'An instruction of the Dockerfile, or a buildpack, failed. The annotation marks the line, and the last lines of output follow.',
      fix: 'Correct what it says. `docker build` on your machine shows the same.',
    },
    {
      codes: ['base-image', 'builder-image', 'lifecycle-image'],
      says: 'The build with … failed',
      why: 'The base image or the builder does not exist, or may not be pulled.',
      fix: 'Check the name. Sign in with `docker/login-action` before this step, or grant the deployer `roles/artifactregistry.reader`.',
    },
    {
      codes: ['buildpacks-none'],
      says: 'No buildpack of … can build what is in the context',
      why: 'The directory is not that of an application, or its language is not detected.',
      fix: 'Set `context`. Say how the application starts with a `Procfile` or `GOOGLE_ENTRYPOINT`.',
    },
    {
      codes: ['docker-missing', 'docker-engine'],
      says: "Docker's engine does not answer",
      why: 'The runner has no Docker, or its engine is stopped.',
      fix: 'Use `ubuntu-latest`, or a builder that needs no engine: [kubernetes or remote](../actions/build-and-push/README.md).',
    },
    {
      codes: ['buildx-missing', 'builder-missing', 'builder-unable'],
      says: 'add docker/setup-buildx-action before this step',
      why: 'An input needs a builder of buildx, and the runner has none, or has none of that name.',
      fix: 'Add `docker/setup-buildx-action` before this step.',
    },
    {
      codes: ['builder-unreachable'],
      says: 'The builder …does not answer',
      why: 'The machine or the pod of the builder is down, or the network does not lead to it.',
      fix: 'Run `docker buildx inspect --bootstrap NAME` on the runner.',
    },
    {
      codes: ['pack-missing'],
      says: 'there is no pack on the PATH',
      why: '`pack_version` is `path`, and nothing installed pack; or the program does not run on this machine.',
      fix: 'Install it in a step before, or leave `pack_version` out.',
    },
    {
      codes: ['runner'],
      says: 'build-and-push does not run on Windows',
      why: 'Windows builds other images.',
      fix: 'Use `runs-on: ubuntu-latest`.',
    },
    {
      codes: ['spec-command'],
      says: 'Input "spec_command" …',
      why: 'The command failed in the image, ran too long, or printed something other than an OpenAPI document. It has no network.',
      fix: 'Try `docker run --rm --network=none --entrypoint=/bin/sh IMAGE -c COMMAND`. Print the document alone.',
    },
    {
      codes: ['push-failed'],
      says: 'Pushing … failed',
      why: 'The registry refused the push, or the connection broke.',
      fix: 'Grant the permission in the message on the repository. Otherwise run the job again: only what is missing is sent.',
    },
    {
      codes: ['tag-taken', 'tag-immutable'],
      says: 'Tags of the repository are immutable',
      why: 'The repository does not move a tag, and the tag already names another image.',
      fix: 'Use tags that name one image, such as `sha`. Leave out `latest` and `branch`.',
    },
    {
      codes: ['repository-missing'],
      says: 'which does not exist in …',
      why: 'The Artifact Registry repository does not exist, and `create_repository` is `false` or not permitted.',
      fix: 'Create it: `gcloud artifacts repositories create NAME --location=REGION --repository-format=docker`.',
    },
    {
      codes: ['repository-format', 'location-unknown'],
      says: 'holds … packages, not Docker images',
      why: 'The repository holds another format, is virtual or remote, or its location does not exist.',
      fix: 'Name a standard Docker repository in a region such as `us-central1`.',
    },
    {
      codes: ['image-missing'],
      says: 'which is not in the registry',
      why: 'The tag or digest does not exist there.',
      fix: 'Build and push it first. Check the tag.',
    },
    {
      codes: ['registry'],
      says: 'The registry answered …',
      why: 'The registry refused a request, or answered with something that is not an image.',
      fix: 'For 401 and 403 grant `roles/artifactregistry.reader` or `.writer` on the repository. Otherwise run the job again.',
    },
  ],
};
