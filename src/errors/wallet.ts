import type { ErrorEntry } from './types.ts';

export const walletErrors = {} as const satisfies Record<string, ErrorEntry>;
