import { Keyring } from '@polkadot/api';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Connected, connect, fund, hex, refusal, remark, signed } from './client.ts';

let chain: Connected;

beforeAll(async () => {
  chain = await connect();
});
afterAll(async () => await chain.close());
beforeEach(() => {
  chain.dev.mine();
  fund(chain.dev, chain.alice, 10n ** 12n);
});

const BAD = '1010: Invalid Transaction: Transaction has a bad signature';

test('what is right is taken', async () => {
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice))).toMatch(/^taken: 0x/);
});

test('ed25519 signs too', async () => {
  const pair = new Keyring({ type: 'ed25519' }).addFromUri('//Alice');
  fund(chain.dev, pair, 10n ** 12n);
  expect(await refusal(chain, signed(chain, remark(chain), pair))).toMatch(/^taken: 0x/);
});

test('a long call is signed by its hash', async () => {
  const long = remark(chain, `0x${'ab'.repeat(400)}`);
  expect(await refusal(chain, signed(chain, long, chain.alice))).toMatch(/^taken: 0x/);
});

test.each([
  ['another genesis', { genesisHash: `0x${'22'.repeat(32)}` }],
  ['another spec version', { specVersion: 423 }],
  ['another transaction version', { transactionVersion: 2 }],
])('a signature for %s is bad', async (_name, options) => {
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice, options))).toBe(BAD);
});

test('a changed call spoils the signature', async () => {
  const good = signed(chain, remark(chain), chain.alice).toHex();
  expect(await refusal(chain, good.replace('73723732', '73723733'))).toBe(BAD);
});

test("someone else's signature is bad", async () => {
  const tx = signed(chain, remark(chain), chain.alice).toHex();
  const stolen = tx.replace(hex(chain.alice.publicKey).slice(2), hex(chain.bob.publicKey).slice(2));
  expect(await refusal(chain, stolen)).toBe(BAD);
});

test('a signature over <Bytes>…</Bytes> is no signature of an extrinsic', async () => {
  const { api, alice } = chain;
  const tx = signed(chain, remark(chain), alice);
  const payload = api.registry.createType(
    'ExtrinsicPayload',
    {
      method: tx.method.toHex(),
      nonce: 0,
      tip: 0,
      era: '0x00',
      genesisHash: api.genesisHash,
      blockHash: api.genesisHash,
      specVersion: api.runtimeVersion.specVersion,
      transactionVersion: api.runtimeVersion.transactionVersion,
    },
    { version: 4 },
  );
  const raw = payload.toU8a({ method: true });
  const wrapped = new Uint8Array(Buffer.concat([Buffer.from('<Bytes>'), raw, Buffer.from('</Bytes>')]));
  const bytes = tx.toHex().replace(hex(tx.signature).slice(2), hex(alice.sign(wrapped)).slice(2));
  expect(await refusal(chain, bytes)).toBe(BAD);
  const exact = tx.toHex().replace(hex(tx.signature).slice(2), hex(alice.sign(raw)).slice(2));
  expect(await refusal(chain, exact)).toMatch(/^taken: 0x/);
});

test('a used nonce is stale', async () => {
  const key = hex(chain.alice.publicKey);
  chain.dev.world.accounts.set(key, { free: 10n ** 12n, reserved: 0n, nonce: 3 });
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice, { nonce: 2 }))).toBe(
    '1010: Invalid Transaction: Transaction is outdated',
  );
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice, { nonce: 3 }))).toMatch(/^taken/);
});

test('a mortal one is good until its era is over, then the node cannot even verify it', async () => {
  const { head } = chain.dev.chain;
  const era = { period: 8, current: head.header.number, hash: head.hash };
  chain.dev.mine(6);
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice, { era }))).toMatch(/^taken/);
  chain.dev.mine(8);
  const late = signed(chain, remark(chain), chain.alice, { era, nonce: 1 });
  expect(await refusal(chain, late)).toBe(BAD);
});

test('an era that starts at another block than it says is bad', async () => {
  const { head } = chain.dev.chain;
  const era = { period: 64, current: head.header.number, hash: head.header.parentHash };
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice, { era }))).toBe(BAD);
});

test('an account without enough for the fee, and one that does not exist', async () => {
  // The library turns the brackets of the node's text into commas.
  const unfunded = '1010: Invalid Transaction: Inability to pay some fees , e.g. account balance too low';
  // Of the very bytes: a mortal extrinsic, as the library's own estimate assumes, is a byte (and a rao) longer.
  const bytes = signed(chain, remark(chain), chain.alice).toHex();
  const { partialFee } = (await chain.raw('payment_queryInfo', bytes)) as { partialFee: string };
  const fee = BigInt(partialFee);
  fund(chain.dev, chain.alice, fee + 499n);
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice))).toBe(unfunded);
  fund(chain.dev, chain.alice, fee + 500n);
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice))).toMatch(/^taken/);
  const nobody = new Keyring({ type: 'sr25519' }).addFromUri('//Nobody');
  expect(await refusal(chain, signed(chain, remark(chain), nobody))).toBe(unfunded);
});

test('a tip beyond the balance', async () => {
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice, { tip: 10n ** 12n }))).toContain(
    'Inability to pay some fees',
  );
});

test('a digest of metadata that this node cannot look up', async () => {
  const tx = signed(chain, remark(chain), chain.alice, { metadataHash: true });
  expect(await refusal(chain, tx)).toMatch(/^1011: Unknown Transaction Validity: Could not lookup/);
});

test('unsigned, cut short, and no extrinsic at all', async () => {
  expect(await refusal(chain, remark(chain).toHex())).toMatch(/^1011: .*unsigned validator/);
  expect(await refusal(chain, signed(chain, remark(chain), chain.alice).toHex().slice(0, -2))).toMatch(
    /^1001: /,
  );
  expect(await refusal(chain, '0x1084aabbcc')).toMatch(/^1002: Verification Error: .*unreachable/);
});

test('the same twice, and again after it was in a block', async () => {
  const tx = signed(chain, remark(chain), chain.alice);
  await refusal(chain, tx);
  expect(await refusal(chain, tx)).toBe(`1013: Transaction Already Imported: ${tx.hash.toHex()}`);
  chain.dev.mine();
  expect(await refusal(chain, tx)).toMatch(/^1012: /);
});

test('another of the same nonce needs a better tip', async () => {
  await refusal(chain, signed(chain, remark(chain), chain.alice));
  const other = remark(chain, '0x02');
  expect(await refusal(chain, signed(chain, other, chain.alice))).toMatch(/^1014: Priority is too low/);
  expect(await refusal(chain, signed(chain, other, chain.alice, { tip: 1n }))).toMatch(/^taken/);
});

test('forks word refusals otherwise', async () => {
  const fork = await connect({ spelling: 'fork' });
  const tx = signed(fork, remark(fork), fork.alice, { specVersion: 1 });
  expect(await refusal(fork, tx)).toBe('1010: {"invalid":{"badProof":null}}');
  await fork.close();
});

test("validate_transaction says the same as the pool, in the runtime's names", async () => {
  const tx = signed(chain, remark(chain), chain.alice, { specVersion: 1 });
  const validity = await chain.api.call.taggedTransactionQueue?.validateTransaction?.(
    'External',
    hex(tx.toU8a(true)),
    chain.dev.chain.head.hash,
  );
  expect(validity?.toJSON()).toEqual({ err: { invalid: { badProof: null } } });
});
