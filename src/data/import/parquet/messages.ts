import type { DescribedRow, PictureFile, Window } from './file.ts';

/** What the process that reads a parquet file is asked, one question at a time. The first one opens the file. */
export type Question =
  | { readonly open: PictureFile }
  | { readonly rows: Window }
  | { readonly pictures: Window };

export type Answer =
  | { readonly opened: { readonly rows: number; readonly windows: readonly Window[] } }
  | { readonly rows: readonly DescribedRow[] }
  | { readonly pictures: readonly Uint8Array[] };

/** What went wrong there: one of our errors, or one of the file system. */
export type Failure =
  | { readonly ours: string; readonly message: string; readonly next: string; readonly details: object }
  | { readonly syscall: string; readonly code: string; readonly message: string };

/** `reads`: it is at work, and takes so many bytes from the file. */
export type Reply = Answer | { readonly reads: number } | { readonly failed: Failure };
