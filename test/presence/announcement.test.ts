import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectChain } from '../../src/chain/index.ts';
import { announcementBytes } from '../../src/presence/announcement.ts';
import { payloadProblem } from '../../src/presence/guard.ts';
import {
  type Announcement,
  announcementCall,
  decide,
  placeOf,
  RESET,
  versionNumber,
} from '../../src/presence/index.ts';
import { startDevchain } from '../support/devchain/index.ts';

const WISH: Announcement = { kind: 'axon', version: 1_000, ip: { ip: 0x08080808n, type: 4 }, port: 8_091 };
const THERE = { block: 100, version: 1_000, ...placeOf(WISH), protocol: 4 };

const anyAnnouncement: fc.Arbitrary<Announcement> = fc.record({
  kind: fc.constantFrom('axon', 'prometheus'),
  version: fc.integer({ min: 0, max: 0xffff_ffff }),
  ip: fc.oneof(
    fc.record({ ip: fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }), type: fc.constant(4 as const) }),
    fc.record({ ip: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), type: fc.constant(6 as const) }),
  ),
  port: fc.integer({ min: 1, max: 65_535 }),
});

test.each([
  ['0.1.0', 1_000],
  ['9.12.2', 9_012_002],
  ['10.2.0', 10_002_000],
  ['1.2.3-beta.4', 1_002_003],
])('version %s is %i', (text, number) => expect(versionNumber(text)).toBe(number));

test.each([
  ['nothing there', undefined, 5, { kind: 'announce' }],
  ['the same there', THERE, 101, { kind: 'same' }],
  ['another port, too early', { ...THERE, port: 1 }, 120, { kind: 'wait', blocks: 29 }],
  ['another port, one block too early', { ...THERE, port: 1 }, 148, { kind: 'wait', blocks: 1 }],
  ['another port, in time', { ...THERE, port: 1 }, 149, { kind: 'announce' }],
  ['another version', { ...THERE, version: 1 }, 200, { kind: 'announce' }],
  ['taken back', { ...THERE, ...placeOf(RESET), version: 0 }, 200, { kind: 'announce' }],
])('with %s', (_, there, block, decision) => {
  expect(decide(WISH, there, { block, rateLimit: 50 })).toEqual(decision);
});

test('the arguments’ bytes are those that the real metadata gives, and its payload passes the guard', async () => {
  const dev = await startDevchain({ slotMs: 'instant' });
  const chain = await connectChain({ network: dev.endpoint, fallbacks: [] });
  try {
    fc.assert(
      fc.property(anyAnnouncement, fc.integer({ min: 0, max: 65_535 }), (announcement, netuid) => {
        const { call, args } = announcementCall(announcement, netuid);
        const { hex } = chain.compose('SubtensorModule', call, args);
        const bytes = Buffer.from(announcementBytes(announcement, netuid)).toString('hex');
        expect(hex.slice(6)).toBe(bytes);
      }),
      { numRuns: 50 },
    );
  } finally {
    await chain.close();
    await dev.close();
  }
});

const GENESIS = `0x${'ab'.repeat(32)}`;
/** As a node wants it signed: call, era, nonce, tip, mode, versions, genesis, birth block, no metadata hash. */
function payload(announcement: Announcement, netuid: number): Buffer {
  return Buffer.concat([
    Buffer.from([7, 4]),
    announcementBytes(announcement, netuid),
    Buffer.alloc(5, 1),
    Buffer.alloc(8, 2),
    Buffer.from(GENESIS.slice(2), 'hex'),
    Buffer.alloc(33, 3),
  ]);
}

test('only the very announcement on the very chain passes, and nothing longer', () => {
  const wanted = { announcement: WISH, netuid: 72, genesisHash: GENESIS };
  expect(payloadProblem(payload(WISH, 72), wanted)).toBeUndefined();
  expect(payloadProblem(payload(WISH, 73), wanted)).toMatch(/arguments/);
  expect(payloadProblem(payload({ ...WISH, port: 8_092 }, 72), wanted)).toMatch(/arguments/);
  expect(payloadProblem(Buffer.concat([payload(WISH, 72), Buffer.alloc(40)]), wanted)).toMatch(/length/);
  expect(payloadProblem(payload(WISH, 72), { ...wanted, genesisHash: `0x${'00'.repeat(32)}` })).toMatch(
    /another chain/,
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(payloadProblem(bytes, wanted)).toBeDefined();
    }),
  );
});
