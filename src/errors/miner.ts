import type { ErrorEntry } from './types.ts';

export const minerErrors = {} as const satisfies Record<string, ErrorEntry>;
