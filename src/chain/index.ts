import type * as Heavy from './heavy.ts';

export { type ChainExplanation, explainChainWord, explainedNames } from './errors/explain.ts';
export * from './plain.ts';
export * from './register/index.ts';
export * from './rehearse/index.ts';
export * from './rules/index.ts';
export * from './state/index.ts';
export type * from './types.ts';

type Door<Name extends keyof typeof Heavy> = (typeof Heavy)[Name] extends (...args: infer A) => infer R
  ? (...args: A) => Promise<Awaited<R>>
  : never;

const heavy = () => import('./heavy.ts');

// The half that talks to a chain is loaded when one of these is first called.
export const connectChain: Door<'connectChain'> = async (...args) => (await heavy()).connectChain(...args);
export const estimateFee: Door<'estimateFee'> = async (...args) => (await heavy()).estimateFee(...args);
export const dryRun: Door<'dryRun'> = async (...args) => (await heavy()).dryRun(...args);
export const submit: Door<'submit'> = async (...args) => (await heavy()).submit(...args);
export const rehearse: Door<'rehearse'> = async (...args) => (await heavy()).rehearse(...args);
export const outcomeOf: Door<'outcomeOf'> = async (...args) => (await heavy()).outcomeOf(...args);

/** Connects, runs `work`, and closes, whatever happens. */
export async function withChain<T>(
  options: Parameters<typeof connectChain>[0],
  work: (chain: Awaited<ReturnType<typeof connectChain>>) => Promise<T>,
): Promise<T> {
  const chain = await connectChain(options);
  try {
    return await work(chain);
  } finally {
    await chain.close();
  }
}
