import type { Keypair } from '../wallet/index.ts';

/** Body of `POST /participants/register` of the NATIX application server; every value is a string. */
export interface RegistrationPayload {
  readonly uid: string;
  /** Unix time in seconds: what was signed. */
  readonly message: string;
  readonly natix_public_key: string;
  /** 128 hex digits without 0x. */
  readonly natix_signature: string;
  readonly type: 'miner';
  readonly model_repo: string;
}

/**
 * A signed registration as the server's script of January 2026 sends it. Sign right before sending: how old a message may be is not published.
 * @param options.nowSeconds Unix time in seconds
 * @param options.modelRepo `user/name` on Hugging Face
 */
export function registrationPayload(options: {
  readonly uid: number;
  readonly hotkey: Pick<Keypair, 'ss58' | 'sign'>;
  readonly modelRepo: string;
  readonly nowSeconds: number;
}): RegistrationPayload {
  const message = String(Math.floor(options.nowSeconds));
  const signature = options.hotkey.sign(new TextEncoder().encode(message));
  return {
    uid: String(options.uid),
    message,
    natix_public_key: options.hotkey.ss58,
    natix_signature: Buffer.from(signature).toString('hex'),
    type: 'miner',
    model_repo: options.modelRepo,
  };
}
