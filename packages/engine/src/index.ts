export { baseImage } from './base-image.ts';
export { cacheDirectory } from './cache.ts';
export { CommandError, type CommandOptions, find, run } from './command.ts';
export { currentFastApiBase } from './current-fastapi.ts';
export { type Engine, startEngine } from './engine.ts';
export { findGoTool, goTools, howToGet } from './go-tool.ts';
export { removeImages } from './images.ts';
export { installPackages } from './install.ts';
export { locked } from './lock.ts';
