/** What `wallet check` can say, by name; each name stands for one kind of trouble. */
export type FindingName =
  | 'unreadable-file'
  | 'damaged-file'
  | 'key-mismatch'
  | 'wrong-password'
  | 'loose-permissions'
  | 'open-folder'
  | 'stale-public-file'
  | 'missing-public-file'
  | 'damaged-public-file'
  | 'numeric-crypto-type'
  | 'text-seed'
  | 'no-address'
  | 'unencrypted-coldkey'
  | 'old-encryption'
  | 'duplicate-hotkey'
  | 'hotkey-is-coldkey'
  | 'leftover'
  | 'foreign-leftover'
  | 'not-a-key';

/**
 * `problem`: something does not work or a secret is exposed; `warning`: works here, but not everywhere or not
 * safely; `note`: good to know. Problems decide the exit code.
 */
export type Severity = 'problem' | 'warning' | 'note';

/** One thing found, with the line that helps. */
export interface Finding {
  readonly name: FindingName;
  readonly severity: Severity;
  readonly wallet: string;
  readonly hotkey?: string | undefined;
  readonly path: string;
  readonly message: string;
  /** What to do, in one sentence. */
  readonly next: string;
  /** Repairs it; absent where only a person can. */
  readonly repair?: (() => void | Promise<void>) | undefined;
}
