export { createClassifier } from './classifier.ts';
export type * from './types.ts';
