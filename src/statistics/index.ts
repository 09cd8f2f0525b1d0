/** Intervals of what was counted. */
export { wilson } from './wilson.ts';
