import { expect, test } from 'vitest';
import { renderEvent } from '../../src/miner/render.ts';

const MINER = '5FPHodW2Qsh9mJDJbe17szVe6Gqqf45Et3BNjQZNb35pYt2D';
const VALIDATOR = '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi';

test('the line of a challenge names the miner beside its address', () => {
  const [line] = renderEvent({
    ...{ event: 'challenge', at: 0, miner: MINER, name: 'hk2', validator: VALIDATOR, protocol: 'axon' },
    ...{ route: 'ImageSynapse', address: '192.0.2.1', prediction: 0.9996, source: 'model', reason: null },
    model: { name: 'm', version: '1.0.0' },
    image: { sha256: null, bytes: 985_400, width: 224, height: 224, format: 'jpeg' },
    times: { verifyMs: 1, bodyMs: 1, queueMs: 1, decodeMs: 1, inferMs: 1, totalMs: 40 },
  });
  expect(line).toContain('0.9996');
  expect(line).toContain('5DtDLm…D9Fi → hk2 5FPHod…Yt2D');
});

test('the line of a refusal names the miner that was asked', () => {
  const example = { address: '203.0.113.9', route: 'r', claimedHotkey: null, message: 'Not Verified' };
  const [line] = renderEvent({
    ...{ event: 'refused', at: 0, miner: MINER, name: 'hk2', reason: 'bad-signature', count: 3, example },
  });
  expect(line).toContain('refused ×3  bad-signature  from 203.0.113.9 to hk2: Not Verified');
});
