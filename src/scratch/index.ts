export { moveIntoPlace } from './into-place.ts';
export { type ScratchOptions, scratchFolder } from './scratch.ts';
