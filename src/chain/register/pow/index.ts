export { type MiningState, measureRate, mine, type Proof } from './mine.ts';
export { type PowTerms, readPowTerms } from './terms.ts';
export { countText, proofMs, proofTimeText } from './words.ts';
