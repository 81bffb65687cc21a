export { baseImage } from './base-image.ts';
export { addBridge, removeBridge } from './bridge.ts';
export { type Buildkit, canRunBuildkit, startBuildkit } from './buildkit.ts';
export { BUILDKIT_IMAGE, writeBuildkitImage } from './buildkit-image.ts';
export { cacheDirectory } from './cache.ts';
export { type Certificate, selfSigned } from './certificate.ts';
export { CommandError, type CommandOptions, endingWithUs, find, LEFT, run } from './command.ts';
export {
  type CurrentEngine,
  currentEngineHost,
  currentEngineRoot,
  startCurrentEngine,
} from './current-engine.ts';
export { currentFastApiBase } from './current-fastapi.ts';
export { type Engine, startEngine } from './engine.ts';
export { findGoTool, findGoTools, type GoTool, goTools, howToGet } from './go-tool.ts';
export { writeImage } from './image-archive.ts';
export { removeImages } from './images.ts';
export { installPackages } from './install.ts';
export { locked } from './lock.ts';
export { unmountBelow } from './unmount.ts';
