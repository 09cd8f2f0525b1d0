import { Sv72Error } from '../../errors/index.ts';
import { holdsMnemonic } from '../../wallet/index.ts';

/** Names that are never published, and what they stand for. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [
    /(^|\/)\.|(^|\/)(id_(rsa|ed25519|ecdsa)|coldkey|coldkeypub\.txt|hotkeys?|wallets?)(\/|$)/i,
    'a key or a hidden file',
  ],
  [/\.(pem|key|p12|pfx|jks|keystore|kdbx|env)$/i, 'a key'],
  [/(^|[/_.-])(secrets?|mnemonic|passwords?|credentials?|private[_-]?key|tokens?)([/_.-]|$)/i, 'a secret'],
  [/\.(plan|engine|trt)$/i, 'an engine built for one machine'],
  [/\.(parquet|arrow|tfrecord|csv|jsonl|jpe?g|png|webp|tiff?|bmp|gif|mp4|zip|tar|tgz|gz|7z|zst)$/i, 'data'],
  [/\.(pt|pth|ckpt|pkl|pickle|joblib|npy|npz|h5)$/i, 'a file that runs code or holds training state'],
];

/** What secrets look like in a text. */
const CONTENTS: readonly (readonly [RegExp, string])[] = [
  [/hf_[A-Za-z0-9]{30,}/, 'a token of the Hub'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/"(secretPhrase|secretSeed|privateKey)"\s*:\s*"[^"]+"/, 'a wallet’s key'],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, 'a cloud access key'],
  [/\b(ghp|gho|ghs|github_pat)_[A-Za-z0-9_]{30,}/, 'a GitHub token'],
  [/\$NACL/, 'an encrypted wallet key'],
  [/\b\d{8,10}:AA[\w-]{33}/, 'a token of a Telegram bot'],
  [/discord(app)?\.com\/api\/webhooks\/\d+\/[\w-]{20,}/, 'the secret address of a Discord channel'],
  [/hooks\.slack\.com\/services\/T\w+\/B\w+\/\w{16,}/, 'the secret address of a Slack channel'],
];

/** A file this large is no note with a secret in it. */
export const MOST_SCANNED = 4 * 1024 * 1024;

/**
 * @param path inside the release
 * @throws Sv72Error ERR_RELEASE_CONTENT when a name says that the file is never published
 */
export function refuseName(path: string): void {
  const found = NAMES.find(([pattern]) => pattern.test(path));
  if (found) throw never(path, found[1]);
}

/** @throws Sv72Error ERR_RELEASE_CONTENT when a file's content looks like a secret; what it is is not repeated */
export function refuseContent(path: string, content: Uint8Array): void {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  const found = CONTENTS.find(([pattern]) => pattern.test(text));
  if (found) throw never(path, found[1]);
  if (holdsMnemonic(text)) throw never(path, 'the words of a wallet');
}

function never(path: string, what: string): Sv72Error {
  return new Sv72Error('ERR_RELEASE_CONTENT', `${path} looks like ${what}, which is never published.`, {
    details: { file: path },
  });
}
