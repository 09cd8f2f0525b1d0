import { z } from 'zod';
import { type CryptoType, isSs58, type Keypair, ss58Decode, verifySignature } from '../../wallet/index.ts';

export const SIGNATURE_NAME = 'sv72.signature.json';

/** What the hotkey vouches for: these files, under this name, in this repository. */
export interface Statement {
  /** `owner/name`. */
  readonly repo: string;
  readonly version: string;
  /** SHA-256 of sv72.json, which lists all other files with theirs. */
  readonly manifestSha256: string;
  /** Unix seconds. */
  readonly at: number;
  /** SS58 address of the signer. */
  readonly hotkey: string;
}

const document = z.strictObject({
  format: z.literal(1),
  repo: z.string().max(200),
  version: z.string().max(100),
  manifest_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.int().positive(),
  hotkey: z.string().refine(isSs58),
  crypto_type: z.enum(['sr25519', 'ed25519']),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});

/** A signature file, read. */
export interface SignatureFile {
  readonly statement: Statement;
  /** Whether the signature over the statement is the hotkey's. */
  readonly valid: boolean;
}

/**
 * The text that is signed, lines joined by one newline; `btcli wallet verify` can check it too.
 */
export function statementText({ repo, version, manifestSha256, at, hotkey }: Statement): string {
  return ['sv72-release/1', repo, version, manifestSha256, String(at), hotkey].join('\n');
}

/** The signature file of a release. */
export function signStatement(statement: Omit<Statement, 'hotkey'>, keypair: Keypair): string {
  const whole = { ...statement, hotkey: keypair.ss58 };
  const signature = keypair.sign(Buffer.from(statementText(whole), 'utf8'));
  return fileText(whole, keypair.cryptoType, signature);
}

/** The size of such a file, which is known before anything is signed: signatures are of one length. */
export function signatureBytes(statement: Statement): number {
  return Buffer.byteLength(fileText(statement, 'sr25519', new Uint8Array(64)));
}

function fileText(whole: Statement, cryptoType: CryptoType, signature: Uint8Array): string {
  const file: z.infer<typeof document> = {
    format: 1,
    repo: whole.repo,
    version: whole.version,
    manifest_sha256: whole.manifestSha256,
    at: whole.at,
    hotkey: whole.hotkey,
    crypto_type: cryptoType,
    signature: Buffer.from(signature).toString('hex'),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** @returns undefined when the text is no signature file */
export function readSignature(text: string): SignatureFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = document.safeParse(value);
  if (!parsed.success) return undefined;
  const { repo, version, manifest_sha256: manifestSha256, at, hotkey, crypto_type, signature } = parsed.data;
  const statement = { repo, version, manifestSha256, at, hotkey };
  const valid = verifySignature({
    publicKey: ss58Decode(hotkey),
    message: Buffer.from(statementText(statement), 'utf8'),
    signature: Buffer.from(signature, 'hex'),
    cryptoType: crypto_type,
  });
  return { statement, valid };
}
