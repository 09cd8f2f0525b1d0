import type { ErrorEntry } from './types.ts';

export const axonErrors = {} as const satisfies Record<string, ErrorEntry>;
