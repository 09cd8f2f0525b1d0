import { Sv72Error } from '../../errors/index.ts';
import type { LiveChain } from '../live-chain.ts';
import type { Call, PlainInput } from '../types.ts';

/**
 * The call for the runtime that the chain has now. After an upgrade it is composed anew, calls within it too, and must come out as
 * the same bytes: else what was shown to the user is not what would be signed.
 * @throws ERR_CHAIN_UPGRADED
 */
export async function currentCall(chain: LiveChain, call: Call): Promise<Call> {
  const spec = await chain.refresh();
  if (call.spec === spec) return call;
  let again: Call | undefined;
  try {
    again = recomposed(chain, call);
  } catch {
    again = undefined;
  }
  if (again?.hex === call.hex) return again;
  throw new Sv72Error(
    'ERR_CHAIN_UPGRADED',
    `The chain’s runtime changed from ${call.spec} to ${spec} meanwhile, and ${call.pallet}.${call.name} is another call there; nothing was sent.`,
    { details: { from: call.spec, to: spec } },
  );
}

function recomposed(chain: LiveChain, call: Call): Call {
  const args = Object.entries(call.args).map(([name, value]) => [name, inner(chain, value)] as const);
  return chain.compose(call.pallet, call.name, Object.fromEntries(args));
}

function inner(chain: LiveChain, value: PlainInput): PlainInput {
  if (isCall(value)) return recomposed(chain, value);
  return Array.isArray(value) ? value.map((one: PlainInput) => inner(chain, one)) : value;
}

function isCall(value: PlainInput): value is Call {
  return typeof value === 'object' && 'hex' in value && 'human' in value && 'spec' in value;
}
