import type { Surroundings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { createHubClient, findToken, type HubOptions, identityOf } from '../hub/index.ts';
import type { Conditions } from './conditions.ts';
import type { Expiry } from './expiry.ts';

/** What was found out about the token that a model is published with. */
interface TokenState {
  readonly conditions: Conditions;
  /** When it ends, where the Hub says so. */
  readonly ends: readonly Expiry[];
}

const KEY = 'token of the Hub';
export const NO_TOKEN: TokenState = { conditions: { notices: [], over: [] }, ends: [] };

/**
 * Asks the Hub whether the token that `sv72 upload` would take is still good. Without one, or where the Hub does not
 * answer, nothing is said: the next upload asks for a token, and the next run asks the Hub again.
 *
 * @param at where tokens are looked for, as `sv72 upload` does
 * @throws ERR_INTERRUPTED
 */
export async function tokenState(at: Surroundings, hub: HubOptions): Promise<TokenState> {
  try {
    const token = await findToken({ at });
    if (token === undefined) return NO_TOKEN;
    const { auth } = await identityOf(createHubClient({ ...hub, token }));
    const end = auth.expiresAt?.getTime();
    return {
      conditions: { notices: [], over: [KEY] },
      ends: end === undefined ? [] : [{ kind: 'token', what: `the ${KEY}`, at: Math.floor(end / 1000) }],
    };
  } catch (error) {
    if (!(error instanceof Sv72Error) || error.code === 'ERR_INTERRUPTED') throw error;
    if (error.code !== 'ERR_HUB_TOKEN') return NO_TOKEN;
    const notice = {
      key: KEY,
      about: KEY,
      kind: 'token',
      level: 'due',
      title: `the ${KEY} is not accepted any more`,
      text: `${error.message} Make another in the Hub's settings and put it where this one was, so that the next model can be published.`,
      at: null,
      condition: true,
    } as const;
    return { conditions: { notices: [notice], over: [] }, ends: [] };
  }
}
