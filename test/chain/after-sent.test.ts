import { afterEach, describe, expect, test } from 'vitest';
import {
  type Chain,
  type ConnectOptions,
  connectChain,
  type SubmitOptions,
  submit,
} from '../../src/chain/index.ts';
import { keypairFromUri } from '../../src/wallet/index.ts';
import { type Connected, connected, refused } from './connected.ts';
import { relay } from './relay.ts';

// Whatever fails once a transaction was sent: who is told that nothing happened would pay again.

const alice = keypairFromUri('//Alice');
const receiver = keypairFromUri('//Nobody//has//sent//this//one//anything');

let open: Connected | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

function transfer(chain: Chain, options: Partial<SubmitOptions>) {
  const call = chain.compose('Balances', 'transfer_keep_alive', { dest: receiver.ss58, value: 10n ** 9n });
  return submit(chain, call, { signer: alice, ...options });
}

describe('a node that hangs after its last word', () => {
  test('and comes back is asked again', async () => {
    let lost = 0;
    const onNews: ConnectOptions['onNews'] = ({ kind }) => {
      if (kind !== 'lost') return;
      lost++;
      open?.dev.misbehave.stop();
    };
    open = await connected({ slotMs: 'instant' }, { timeoutMs: 1_000, onNews });
    const { dev, chain } = open;
    const onStatus: SubmitOptions['onStatus'] = ({ kind }) => {
      if (kind === 'in-block' && lost === 0) dev.misbehave.hang();
    };
    const included = await transfer(chain, { onStatus });
    expect(lost).toBeGreaterThan(0);
    expect(included).toMatchObject({ finalized: true, block: { number: expect.any(Number) } });
  });

  test('for good leaves open what happened', async () => {
    open = await connected({ slotMs: 'instant' }, { timeoutMs: 1_000 });
    const { chain, dev } = open;
    const onStatus: SubmitOptions['onStatus'] = ({ kind }) => {
      if (kind === 'in-block') dev.misbehave.hang();
    };
    const error = await refused(transfer(chain, { timeoutMs: 500, onStatus }));
    expect(error.code).toBe('ERR_CHAIN_UNKNOWN_OUTCOME');
    expect(error.details).toMatchObject({ nonce: 0, valid_until_block: expect.any(Number) });
  });
});

test('an endpoint that turns into another chain after it was sent there leaves open what happened', async () => {
  open = await connected({ slotMs: 'manual' });
  let turned = false;
  const between = await relay(open.dev.endpoint, (method, [block]) =>
    turned && method === 'chain_getBlockHash' && block === 0 ? `0x${'ef'.repeat(32)}` : undefined,
  );
  const chain = await connectChain({ network: between.url, sameAs: open.chain });
  const { dev } = open;
  const onStatus: SubmitOptions['onStatus'] = ({ kind }) => {
    if (kind !== 'sent') return;
    turned = true;
    dev.misbehave.closeSocket();
  };
  const error = await refused(transfer(chain, { timeoutMs: 1_500, onStatus }));
  expect(error.code).toBe('ERR_CHAIN_UNKNOWN_OUTCOME');
  await chain.close();
  await between.close();
});
