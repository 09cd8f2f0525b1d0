export {
  type Answer,
  type AnswerOptions,
  answersOf,
  answersOfAll,
  type Contestant,
} from './answers/answers.ts';
export { drawPictures, type Picture, picturesOfDataset, picturesOfFolder } from './views/picture.ts';
export { type View, type ViewOptions, views } from './views/views.ts';
