import { randomUUID } from 'node:crypto';
import type { Admission } from './admission.ts';
import type { FallbackReason } from './events.ts';
import type { Answer, AnswerFunction, Fallback } from './options.ts';
import type { VerifiedRequest } from './request.ts';

export interface AnswerOptions {
  readonly answer: AnswerFunction;
  readonly fallback?: Fallback;
  readonly admission?: Admission;
  readonly now: () => number;
  readonly onCrash: (id: string, error: unknown) => void;
}

export type AnswerResult =
  | { readonly prediction: number; readonly fallback: FallbackReason | null }
  | {
      readonly prediction: undefined;
      readonly status: 500 | 503 | 408;
      readonly reason: FallbackReason;
      readonly message: string;
      readonly id: string;
    };

/** Asks for the answer and has one by the deadline, come what may: the fallback, or an error that says nothing. */
export async function answerInTime(
  request: VerifiedRequest,
  image: Uint8Array,
  options: AnswerOptions,
): Promise<AnswerResult> {
  const { fallback, admission, now, onCrash } = options;
  const id = randomUUID();

  const late = Promise.withResolvers<{ readonly failed: FallbackReason }>();
  const timer = setTimeout(() => late.resolve({ failed: 'deadline' }), Math.max(0, request.deadline - now()));

  const crashed = (error: unknown): { readonly failed: FallbackReason } => {
    onCrash(id, error);
    return { failed: 'crash' };
  };
  const ask = async () => options.answer(request, image);
  const work: Promise<Answer | { readonly failed: FallbackReason }> = (
    admission === undefined
      ? ask()
      : admission.run(request, ask).then((admitted) => {
          if (admitted.outcome === 'done') return admitted.value;
          return { failed: admitted.reason === 'overload' ? ('overload' as const) : ('deadline' as const) };
        })
  ).catch(crashed);

  try {
    const result = await Promise.race([work, late.promise]);
    if (!('failed' in result)) {
      const prediction = Number(result.prediction);
      if (!Number.isNaN(prediction))
        return { prediction: Math.min(1, Math.max(0, prediction)), fallback: null };
    }
    const reason = 'failed' in result ? result.failed : 'not-a-number';
    const guess = guarded(() => fallback?.(request, reason), crashed);
    if (guess !== undefined && !Number.isNaN(guess)) {
      return { prediction: Math.min(1, Math.max(0, guess)), fallback: reason };
    }
    return failure(reason, id, request);
  } finally {
    clearTimeout(timer);
  }
}

function guarded(guess: () => number | undefined, onError: (error: unknown) => unknown): number | undefined {
  try {
    return guess();
  } catch (error) {
    onError(error);
    return undefined;
  }
}

function failure(reason: FallbackReason, id: string, request: VerifiedRequest): AnswerResult {
  const common = { prediction: undefined, reason, id } as const;
  if (reason === 'deadline') {
    const seconds = ((request.deadline - request.receivedAt) / 1000).toFixed(1);
    return { ...common, status: 408, message: `Response timeout after: ${seconds}s` };
  }
  if (reason === 'overload') return { ...common, status: 503, message: 'Too many requests; try again.' };
  return { ...common, status: 500, message: `Internal Server Error #${id}` };
}
