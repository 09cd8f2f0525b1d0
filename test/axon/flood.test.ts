import { expect, test } from 'vitest';
import { createVerifier } from '../../src/axon/index.ts';
import { CAPTURED_NONCE, startAxon } from './support/axon.ts';
import { call, keepAlive } from './support/http.ts';
import { X } from './support/keys.ts';
import { challenge, type HeaderList, synapseHeaders, withHeader } from './support/requests.ts';

/** Sends requests one after the other on as many connections, and counts the answers by status. */
async function flood(connections: number, each: number, request: (i: number) => Parameters<typeof call>[0]) {
  const statuses = new Map<number, number>();
  const lane = async (n: number) => {
    const agent = keepAlive();
    for (let i = 0; i < each; i++) {
      const { status } = await call({ ...request(n * each + i), agent });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: connections }, (_, n) => lane(n)));
  return Object.fromEntries(statuses);
}

test('E 52: every honest request is answered while junk of all kinds keeps coming', async () => {
  const verifier = createVerifier();
  const { port } = await startAxon({ verifier });
  const valid = synapseHeaders();
  const forged = (i: number): HeaderList =>
    withHeader(
      withHeader(valid, 'bt_header_dendrite_nonce', (CAPTURED_NONCE + BigInt(i)).toString()),
      'bt_header_dendrite_signature',
      `0x${i.toString(16).padStart(126, '1')}80`,
    );
  const stranger = synapseHeaders({ signer: X });
  const path = '/ImageSynapse';
  const [unknown, refused, lies, honest] = await Promise.all([
    flood(10, 200, () => ({ port, method: 'GET', path: '/' })),
    flood(10, 50, () => ({ port, path, headers: stranger, body: '{}' })),
    flood(10, 20, (i) => ({ port, path, headers: forged(i), body: '{}' })),
    flood(3, 20, (i) => challenge(port, { nonce: CAPTURED_NONCE - 1n - BigInt(i) })),
  ]);
  expect({ unknown, refused, lies, honest }).toEqual({
    unknown: { 404: 2_000 },
    refused: { 403: 500 },
    lies: { 401: 200 },
    honest: { 200: 60 },
  });
  // Only what claimed to come from the validator was worth a check.
  expect(verifier.stats()).toMatchObject({ valid: 60, invalid: 200, busy: 0, waiting: 0 });
});
