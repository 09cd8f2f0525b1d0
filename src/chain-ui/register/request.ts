import { existsSync } from 'node:fs';
import type { RegisterRequest, SignerAccount, Target } from '../../chain/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { isSs58, keyPaths, loadPublicKey } from '../../wallet/index.ts';
import type { RegisterFlags } from './flags.ts';

export interface RequestOptions {
  readonly netuid: number;
  /** Folder of the wallets, and the wallet whose coldkey signs. */
  readonly root: string;
  readonly wallet: string;
  /** Hotkeys of the wallet that the settings name. */
  readonly hotkeys: readonly string[];
  /** Whether somebody named hotkeys of the wallet for this run, not only a default or a file. */
  readonly hotkeysNamed: boolean;
  readonly flags: Pick<RegisterFlags, 'hotkey-address' | 'proxy' | 'pow'>;
  /** What the run does with the key that signs: sends, or only shows. */
  readonly sends: boolean;
}

/**
 * What is to be registered and by whom, from flags and key files; no password is needed for that.
 * @throws ERR_ADDRESS, ERR_USAGE, ERR_WALLET_NOT_FOUND
 */
export function registerRequest(options: RequestOptions): RegisterRequest {
  const { netuid, root, wallet, flags } = options;
  if (flags.proxy !== undefined && !isSs58(flags.proxy)) {
    throw new Sv72Error('ERR_ADDRESS', '--proxy takes the address of the coldkey to register for.');
  }
  return {
    netuid,
    hotkeys: targets(options),
    signer: signerOf({ root, wallet }, options.sends),
    real: flags.proxy,
    way: flags.pow ? 'pow' : 'burn',
  };
}

function targets({ root, wallet, hotkeys, hotkeysNamed, flags }: RequestOptions): Target[] {
  const addresses = flags['hotkey-address'] ?? [];
  const wrong = addresses.find((address) => !isSs58(address));
  if (wrong !== undefined)
    throw new Sv72Error('ERR_ADDRESS', '--hotkey-address takes an address, 48 characters from 5.');
  const names = addresses.length > 0 && !hotkeysNamed ? [] : hotkeys;
  const named = names.map((name) => ({ name, ss58: loadPublicKey({ root, wallet, hotkey: name }).ss58 }));
  const all: Target[] = [...named, ...addresses.map((ss58) => ({ ss58 }))];
  return all.filter(({ ss58 }, index) => all.findIndex((other) => other.ss58 === ss58) === index);
}

/** The coldkey of the wallet. Where it is to sign, its private part has to be here: better known before the bill than after. */
function signerOf(
  location: { readonly root: string; readonly wallet: string },
  sends: boolean,
): SignerAccount | undefined {
  if (sends && !existsSync(keyPaths(location).privateFile)) {
    throw new Sv72Error(
      'ERR_WALLET_NOT_FOUND',
      `The coldkey of wallet "${location.wallet}" is not on this machine.`,
      {
        next: 'Run this where the coldkey is, with --hotkey-address; or print the call for signing elsewhere with --print-call.',
      },
    );
  }
  try {
    const { ss58, publicKey } = loadPublicKey(location);
    return { ss58, publicKey };
  } catch (error) {
    if (!sends && error instanceof Sv72Error && error.code === 'ERR_WALLET_NOT_FOUND') return undefined;
    throw error;
  }
}
