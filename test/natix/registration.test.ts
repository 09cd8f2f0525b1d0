import { sr25519Verify } from '@polkadot/util-crypto';
import { expect, it } from 'vitest';
import { registrationPayload } from '../../src/natix/index.ts';
import { keypairFromSeed, ss58Decode } from '../../src/wallet/index.ts';

it('is six strings, signed over the time alone (E 107)', () => {
  const hotkey = keypairFromSeed(new Uint8Array(32).fill(0x11));
  const payload = registrationPayload({
    uid: 10,
    hotkey,
    modelRepo: 'user/model',
    nowSeconds: 1_766_025_414.9,
  });
  expect(payload).toEqual({
    uid: '10',
    message: '1766025414',
    natix_public_key: '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi',
    natix_signature: expect.stringMatching(/^[0-9a-f]{128}$/),
    type: 'miner',
    model_repo: 'user/model',
  });
  const valid = sr25519Verify(
    payload.message,
    Buffer.from(payload.natix_signature, 'hex'),
    ss58Decode(payload.natix_public_key),
  );
  expect(valid).toBe(true);
});
