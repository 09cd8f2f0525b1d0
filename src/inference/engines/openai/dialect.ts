import type { Vendor } from './spec.ts';

/** Which fields a server takes. */
export interface Dialect {
  readonly vendor: Vendor;
  /** What the limit of an answer is called: the older name or the newer one. */
  readonly limit: 'max_completion_tokens' | 'max_tokens';
  /** How many log-probabilities are asked for; 0: none. */
  readonly topLogprobs: number;
  /** Whether the vendor's own fields are sent. */
  readonly own: boolean;
}

/**
 * Fields that only this vendor's servers know. Thinking is switched off, because an answer of one token would be its
 * first thought; vLLM is held to the two words, which leaves its log-probabilities as they are (they are taken before).
 */
const OWN: Readonly<Record<Vendor, Readonly<Record<string, unknown>>>> = {
  vllm: {
    chat_template_kwargs: { enable_thinking: false },
    structured_outputs: { choice: ['Yes', 'No'] },
  },
  sglang: { chat_template_kwargs: { enable_thinking: false } },
  max: {},
  'llama.cpp': { chat_template_kwargs: { enable_thinking: false } },
  generic: {},
};

export const ownFields = ({ vendor, own }: Dialect): Readonly<Record<string, unknown>> =>
  own ? OWN[vendor] : {};

/** The vendor behind what a server calls the owner of its models. */
export function vendorOf(owner: string | undefined): Vendor {
  const known: Readonly<Record<string, Vendor>> = { vllm: 'vllm', sglang: 'sglang', llamacpp: 'llama.cpp' };
  return (owner === undefined ? undefined : known[owner.toLowerCase()]) ?? 'generic';
}

/** From what is best to what any server takes: the first that is not refused is used. */
export function dialectsOf(vendor: Vendor): readonly Dialect[] {
  const best: Dialect = {
    vendor,
    limit: vendor === 'llama.cpp' ? 'max_tokens' : 'max_completion_tokens',
    topLogprobs: 20,
    own: true,
  };
  const other = best.limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  const ladder: Dialect[] = [
    best,
    { ...best, own: false },
    { ...best, own: false, limit: other },
    { ...best, own: false, topLogprobs: 5 },
    { ...best, own: false, topLogprobs: 5, limit: other },
    { ...best, own: false, topLogprobs: 0 },
    { ...best, own: false, topLogprobs: 0, limit: other },
  ];
  return Object.keys(OWN[vendor]).length > 0 ? ladder : ladder.slice(1);
}
