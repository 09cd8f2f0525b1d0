export { createChatClassifier } from './chat-classifier.ts';
export { createClassifier } from './classifier.ts';
export { discard } from './discard.ts';
export { installGpuLibraries } from './engines/onnx/gpu-libraries.ts';
export { graphInput } from './graph-input.ts';
export { probabilityAt, valuesPerImage } from './probability.ts';
export { SharedClassifiers } from './sharing.ts';
export { trial } from './trial.ts';
export type * from './types.ts';
