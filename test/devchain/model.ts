import { dispatch } from '../support/devchain/chain/execute.ts';
import { runtimeImage, type Variant } from '../support/devchain/metadata/images.ts';
import type { ChainEvent, Hex, Plain } from '../support/devchain/model.ts';
import { createWorld, runtime } from '../support/devchain/runtime.ts';
import { keyOf } from '../support/devchain/scenarios/index.ts';
import type { Subnet, World } from '../support/devchain/world/index.ts';

export interface Model {
  readonly world: World;
  readonly subnet: Subnet;
  /** Events' names, or the name of the error. */
  call(who: string, name: string, args: { readonly [field: string]: Plain }): readonly ChainEvent[] | string;
  /** The pool's number, undefined when it lets the call in. */
  pool(who: string, name: string, args: { readonly [field: string]: Plain }): number | undefined;
  /** What the blocks up to there do by themselves. */
  pass(blocks: number): void;
}

/** The hash of every block in these tests. */
export const BLOCK_HASH: Hex = `0x${Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0')).join('')}`;

/** The runtime's model without the node around it. `who` is a development URI or a public key. */
export function model(scenario: string, variant: Variant = 'spec424'): Model {
  const world = createWorld(scenario, 1_700_000_000_000);
  const image = runtimeImage(variant);
  const environment = () => ({
    calls: runtime.calls,
    image,
    block: world.blockNumber + 1,
    blockHash: (number: number) => (number <= world.blockNumber ? BLOCK_HASH : undefined),
  });
  const keyed = (who: string) => (who.startsWith('0x') ? who : keyOf(who));
  return {
    world,
    get subnet() {
      const subnet = world.subnets.get(72);
      if (subnet === undefined) throw new Error('no subnet 72');
      return subnet;
    },
    call(who, name, args) {
      const [pallet = '', call = ''] = name.split('.');
      const { events, error } = dispatch(environment(), world, keyed(who), { pallet, name: call, args });
      if (error === undefined) return events;
      return 'name' in error.error ? error.error.name : error.error.kind;
    },
    pool(who, name, args) {
      const { block, blockHash } = environment();
      return runtime.calls[name]?.validate?.(world, {
        signer: keyed(who),
        args,
        block,
        features: image.features,
        blockHash,
        dispatch: () => {
          throw new Error('the pool dispatches nothing');
        },
      });
    },
    pass(blocks) {
      for (let done = 0; done < blocks; done++) {
        world.blockNumber += 1;
        runtime.advance(world, image.features);
      }
    },
  };
}

export function named(events: readonly ChainEvent[] | string, name: string): Plain {
  if (typeof events === 'string') throw new Error(`failed: ${events}`);
  const found = events.find((event) => event.name === name);
  if (found === undefined)
    throw new Error(`no ${name} among ${events.map((event) => event.name).join(', ')}`);
  return found.data;
}

/** Plain data of an event whose fields have names. */
export function fieldsOf(value: Plain): { readonly [field: string]: Plain } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as { [field: string]: Plain };
  throw new Error('no fields');
}
