export { type Buildkit, canRunBuildkit, startBuildkit } from './buildkit/buildkit.ts';
export { BUILDKIT_IMAGE, writeBuildkitImage } from './buildkit/buildkit-image.ts';
export { addBridge, removeBridge } from './docker/bridge.ts';
export {
  type CurrentEngine,
  currentEngineHost,
  currentEngineRoot,
  startCurrentEngine,
} from './docker/current-engine.ts';
export { type Engine, engineThere, startEngine } from './docker/engine.ts';
export { installPackages } from './docker/install.ts';
export { baseImage } from './images/base-image.ts';
export { writeImage } from './images/image-archive.ts';
export { removeImages } from './images/images.ts';
export { currentFastApi, flyteTasks, pythonImage } from './images/python-image.ts';
export { cacheDirectory } from './machine/cache.ts';
export { type Certificate, selfSigned } from './machine/certificate.ts';
export { CommandError, type CommandOptions, endingWithUs, find, LEFT, run } from './machine/command.ts';
export { locked } from './machine/lock.ts';
export { terminate } from './machine/terminate.ts';
export { unmountBelow } from './machine/unmount.ts';
export { cloudInit } from './programs/cloud-init.ts';
export { flytekit } from './programs/flytekit.ts';
export { findGoTool, findGoTools, type GoTool, howToGet, QUICK_GO } from './programs/go-tool.ts';
export { CLUSTER_TOOLS, goTools } from './programs/go-tools.ts';
export { googleClients } from './programs/google-clients.ts';
export { pythonPackages } from './programs/python-packages.ts';
