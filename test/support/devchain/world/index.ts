export * from './create.ts';
export * from './keys.ts';
export * from './params.ts';
export * from './reads.ts';
export type * from './types.ts';
export * from './writes.ts';
