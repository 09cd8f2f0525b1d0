import type { ErrorEntry } from './types.ts';

export const inferenceErrors = {} as const satisfies Record<string, ErrorEntry>;
