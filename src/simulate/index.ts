export { letterbox } from './augment/geometry.ts';
export { LEVELS, type Level } from './augment/levels.ts';
export type { ColourMaths } from './augment/ycbcr.ts';
export { type Challenge, type ChallengeOptions, challengeImage, type Generation } from './challenge.ts';
export { type LabelledImage, labelOfName, loadImageFolder, readImage } from './folder.ts';
export type { Label, Point, RgbImage } from './image.ts';
export { decodeImage, encodeJpeg } from './jpeg.ts';
export { createRandom, type Random } from './random.ts';
export { labelOfSeed } from './scenes/compose.ts';
export { drawScene, type Scene, type SceneOptions } from './scenes/render.ts';
export {
  type Answer,
  type AnswerScore,
  EMA_ALPHA,
  nextAverage,
  rewardAtAccuracy,
  type Score,
  score,
} from './score.ts';
