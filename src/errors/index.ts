import { accountErrors } from './account.ts';
import { axonErrors } from './axon.ts';
import { cascadeErrors } from './cascade.ts';
import { chainErrors } from './chain.ts';
import { configErrors } from './config.ts';
import { dataErrors } from './data.ts';
import { deployErrors } from './deploy.ts';
import { evaluateErrors } from './evaluate.ts';
import { generalErrors } from './general.ts';
import { hubErrors } from './hub.ts';
import { inferenceErrors } from './inference.ts';
import { jobErrors } from './jobs.ts';
import { minerErrors } from './miner.ts';
import { presenceErrors } from './presence.ts';
import { refreshErrors } from './refresh.ts';
import { registerErrors } from './register.ts';
import { rehearseErrors } from './rehearse.ts';
import { serverErrors } from './servers.ts';
import { servingErrors } from './serving.ts';
import { trainingErrors } from './training.ts';
import type { ErrorEntry } from './types.ts';
import { variantsErrors } from './variants.ts';
import { walletErrors } from './wallet.ts';

export type { ErrorEntry, Who } from './types.ts';

/** Every error sv72 can report, by its stable name. Exit codes are documented in README.md. */
export const ERRORS = {
  ...generalErrors,
  ...configErrors,
  ...dataErrors,
  ...walletErrors,
  ...axonErrors,
  ...inferenceErrors,
  ...minerErrors,
  ...chainErrors,
  ...refreshErrors,
  ...registerErrors,
  ...accountErrors,
  ...rehearseErrors,
  ...presenceErrors,
  ...jobErrors,
  ...variantsErrors,
  ...hubErrors,
  ...evaluateErrors,
  ...trainingErrors,
  ...deployErrors,
  ...serverErrors,
  ...cascadeErrors,
  ...servingErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** Facts that explain one failure: shown with `--json`, so never a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface Sv72ErrorOptions {
  /** What to do next, when something more exact than the table's general advice is known. */
  readonly next?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/**
 * A failure with a name, a sentence and a next step.
 * `message` is one sentence for the user; it must not contain secrets, since it reaches logs and JSON.
 */
export class Sv72Error extends Error {
  override readonly name = 'Sv72Error';
  readonly code: ErrorCode;
  readonly next: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: Sv72ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.next = options.next ?? ERRORS[code].next;
    this.details = options.details ?? {};
  }

  get entry(): ErrorEntry {
    return ERRORS[this.code];
  }

  get exit(): number {
    return this.entry.exit;
  }
}
