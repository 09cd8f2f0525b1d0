import { z } from 'zod';

const cryptoType = z.enum(['sr25519', 'ed25519']);
const ss58 = z.string().regex(/^5[1-9A-HJ-NP-Za-km-z]{47}$/);
const files = z.array(z.string()).describe('Paths of the files that were written.');

const key = {
  ss58,
  crypto_type: cryptoType,
  encrypted: z.boolean(),
  path: z.string().describe('Folder of the wallets.'),
  files,
};
const coldkey = z.strictObject({ wallet: z.string(), ...key });
const hotkey = z.strictObject({ wallet: z.string(), hotkey: z.string(), ...key });

const publicKey = { ss58, crypto_type: cryptoType, path: z.string().describe('The file that was written.') };

const listed = {
  ss58: ss58.nullable().describe('null when only the password can tell.'),
  crypto_type: cryptoType.nullable(),
  encrypted: z.boolean(),
  private: z.boolean().describe('false when only the public file is here.'),
};

export const walletResults = {
  'wallet create': z.strictObject({
    coldkey: z.string(),
    hotkey: z.string(),
    coldkey_ss58: ss58,
    coldkey_crypto_type: cryptoType,
    coldkey_encrypted: z.boolean(),
    hotkey_ss58: ss58,
    hotkey_crypto_type: cryptoType,
    path: key.path,
    files,
  }),
  'wallet new-coldkey': coldkey,
  'wallet new-hotkey': hotkey,
  'wallet regen-coldkey': coldkey,
  'wallet regen-hotkey': hotkey,
  'wallet regen-coldkeypub': z.strictObject({ wallet: z.string(), ...publicKey }),
  'wallet regen-hotkeypub': z.strictObject({ wallet: z.string(), hotkey: z.string(), ...publicKey }),
  'wallet list': z.strictObject({
    path: z.string(),
    coldkeys: z.array(
      z.strictObject({
        coldkey: z.string(),
        ...listed,
        hotkeys: z.array(z.strictObject({ name: z.string(), ...listed })),
      }),
    ),
  }),
  'wallet show': z.strictObject({
    coldkey: z.string(),
    coldkey_ss58: ss58.nullable(),
    coldkey_crypto_type: cryptoType.nullable(),
    coldkey_encrypted: z.boolean(),
    hotkey: z.string().nullable(),
    hotkey_ss58: ss58.nullable(),
    hotkey_crypto_type: cryptoType.nullable(),
    hotkey_encrypted: z.boolean(),
    path: z.string(),
  }),
  'wallet sign': z.strictObject({
    signed_message: z.string().regex(/^[0-9a-f]{128}$/),
    signer_address: ss58,
    crypto_type: cryptoType,
  }),
  'wallet verify': z.strictObject({
    valid: z.boolean(),
    ss58,
    crypto_type: cryptoType.nullable().describe('Scheme under which the signature is valid.'),
  }),
  'wallet check': z.strictObject({
    path: z.string(),
    wallets: z.array(z.string()),
    keys: z.int(),
    unopened: z.int().describe('Encrypted keys that were not looked into.'),
    problems: z.int().describe('Problems that are left; the exit code is 1 unless it is 0.'),
    findings: z.array(
      z.strictObject({
        name: z.string(),
        severity: z.enum(['problem', 'warning', 'note']),
        wallet: z.string(),
        hotkey: z.string().nullable(),
        path: z.string(),
        message: z.string(),
        next: z.string(),
        repairable: z.boolean(),
        repaired: z.boolean(),
      }),
    ),
  }),
};
