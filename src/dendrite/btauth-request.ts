import { createHash } from 'node:crypto';
import { btauthPayload } from '../wire/index.ts';
import type { Signer } from './signer.ts';
import type { Target } from './target.ts';
import type { WireRequest } from './transport.ts';

export interface BtauthRequestParts {
  readonly target: Target;
  readonly path: string;
  readonly signer: Signer;
  /** The axon's hotkey; null signs a request that any axon may take. */
  readonly receiver: string | null;
  readonly image: Uint8Array;
  readonly nonce: bigint;
  /** json: `{"image": base64}`; jpeg: the bytes as they are. */
  readonly bodyKind: 'json' | 'jpeg';
}

/** A request signed by `btauth/1`, headers in the order in which SDK 11 emits them. */
export function btauthRequest(parts: BtauthRequestParts): WireRequest {
  const { target, path, signer, receiver, image, nonce, bodyKind } = parts;
  const body =
    bodyKind === 'jpeg'
      ? Buffer.from(image)
      : Buffer.from(`{"image": "${Buffer.from(image).toString('base64')}"}`, 'latin1');
  const scheme = signer.cryptoType ?? 'sr25519';
  const payload = btauthPayload({
    scheme,
    method: 'POST',
    target: path,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    nonce: nonce.toString(),
    hotkey: signer.ss58,
    receiver: receiver ?? undefined,
  });
  const headers: [string, string][] = [
    ['X-Bittensor-Version', '1'],
    ['X-Bittensor-Hotkey', signer.ss58],
    ['X-Bittensor-Nonce', nonce.toString()],
    ['X-Bittensor-Signature', `0x${Buffer.from(signer.sign(payload)).toString('hex')}`],
  ];
  if (scheme !== 'sr25519') headers.push(['X-Bittensor-Crypto', scheme]);
  if (receiver !== null) headers.push(['X-Bittensor-Receiver', receiver]);
  return {
    target,
    path,
    body,
    contentType: bodyKind === 'jpeg' ? 'image/jpeg' : 'application/json',
    headers,
  };
}
