/** Clips: their frames by ffmpeg, shown to a classifier of pictures. */
export { clipProbability } from './aggregate.ts';
export { type ClipOptions, clipClassifier } from './clip-classifier.ts';
export { demandFfmpeg, framesOf } from './frames.ts';
