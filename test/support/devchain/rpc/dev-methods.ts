import { runtimeImage, VARIANTS, type Variant } from '../metadata/images.ts';
import type { ChainState, Plain } from '../model.ts';
import { invalidParams } from './error.ts';
import { accountParam } from './read-params.ts';
import type { Methods, Session } from './session.ts';

/**
 * `dev_*`: the test's or the player's hand on the chain, over the wire for other processes. They answer even while the
 * endpoint misbehaves.
 */
export function devMethods<W extends ChainState>(options: {
  readonly slotDurationMs: number | undefined;
}): Methods<W> {
  return {
    /** [count] → number of the best block */
    dev_mine: ({ chain }, [count]) => chain.mine(Number(count ?? 1)).header.number,
    /** [depth, lose?] → number of the best block */
    dev_reorg: ({ chain }, [depth, lose]) => {
      try {
        return chain.reorg(Number(depth ?? 1), { lose: lose === true }).header.number;
      } catch (error) {
        throw invalidParams((error as Error).message);
      }
    },
    /** [variant] → number of the block that brought it */
    dev_upgrade: ({ chain }, [name]) => {
      const variant = VARIANTS.find((one) => one === name);
      if (variant === undefined) throw invalidParams(`one of ${VARIANTS.join(', ')}`);
      return chain.upgrade(runtimeImage(variant satisfies Variant, options.slotDurationMs)).header.number;
    },
    /** [address, rao] → its free balance; adds */
    dev_fund: ({ chain }, [address, rao]) => {
      const key = accountParam(address);
      const account = chain.world.accounts.get(key) ?? { free: 0n, reserved: 0n, nonce: 0 };
      account.free += BigInt(rao as string);
      chain.world.accounts.set(key, account);
      return account.free.toString();
    },
    /** [pallet, item, [keys…], value]; bigints as "123n" */
    dev_set: ({ chain }, [pallet, item, keys, value]) => {
      const set = chain.projections[`${String(pallet)}.${String(item)}`]?.set;
      if (set === undefined) throw invalidParams(`${String(pallet)}.${String(item)} cannot be set`);
      set(chain.world, (keys as readonly unknown[]).map(revive), revive(value));
      return true;
    },
    /** [{ drop, hang, lack, refuse429, rateLimit, slow, closeOn, closeSocket, stop }] */
    dev_misbehave: (session, [how]) => misbehave(session, (how ?? {}) as Readonly<Record<string, unknown>>),
    /** What was sent so far: calls with their fate at the pool. */
    dev_submitted: ({ chain }) =>
      chain.submissions.map(({ extrinsic, outcome, refusal, bytes }) => ({
        hash: extrinsic?.hash ?? null,
        signer: extrinsic?.signed?.signer ?? null,
        nonce: extrinsic?.signed?.nonce ?? null,
        call: extrinsic?.call ?? null,
        outcome,
        refusal: refusal ?? null,
        bytes,
      })),
  };
}

function misbehave<W extends ChainState>(
  session: Session<W>,
  how: Readonly<Record<string, unknown>>,
): boolean {
  const { misbehaviour } = session;
  const known: Readonly<Record<string, (value: unknown) => void>> = {
    stop: () => misbehaviour.stop(),
    drop: (count) => misbehaviour.dropNext(Number(count)),
    hang: (method) => (typeof method === 'string' ? misbehaviour.hang(method) : misbehaviour.hang()),
    lack: (method) => misbehaviour.lack(String(method)),
    refuse429: (count) => misbehaviour.refuse429(Number(count)),
    rateLimit: (count) => misbehaviour.rateLimit(Number(count)),
    slow: (ms) => misbehaviour.slow(Number(ms)),
    closeOn: (method) => misbehaviour.closeOn(String(method)),
    closeSocket: () => setImmediate(() => misbehaviour.closeSocket()),
  };
  for (const [name, value] of Object.entries(how)) {
    const act = known[name];
    if (act === undefined) throw invalidParams(`one of ${Object.keys(known).join(', ')}`);
    act(value);
  }
  return true;
}

/** JSON has no bigints: "123n" is one. */
function revive(value: unknown): Plain {
  if (typeof value === 'string' && /^-?\d+n$/.test(value)) return BigInt(value.slice(0, -1));
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revive(one)]));
  return value as Plain;
}
