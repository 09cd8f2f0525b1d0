import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decryptKeyfile, encryptionOf, encryptKeyfile } from '../../src/wallet/encryption/index.ts';
import { bytesOf, hexOf } from './support/places.ts';

const PLAIN = '{"a":"b"}';
const NACL = bytesOf(
  '244e41434c000102030405060708090a0b0c0d0e0f1011121314151617bc0030c2506aaa3647bbf5aa04da313d1fecd6dc01d0121b08',
);
const ANSIBLE = Buffer.from(`$ANSIBLE_VAULT;1.1;AES256
30303031303230333034303530363037303830393061306230633064306530663130313131323133
3134313531363137313831393161316231633164316531660a373964373865306434613263343064
33336237363235613834653030656463366163336330343032346536653034663230393531393233
3130363231656638390a333537653831653263363962386331303537656637333431393736343739
3732
`);
const FERNET = Buffer.from(
  'gAAAAABlU_EAAAECAwQFBgcICQoLDA0OD0Bl71BL3LOQwYS9uisrM9wpaqzhWELu9cgli8YJ8dXYdZbWgDE2_QbZN9OKmGBZOA==',
);

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('encryption', () => {
  it('NaCl: the known vector both ways, and a wrong password (E 77–79)', { timeout: 180_000 }, async () => {
    const nonce = Uint8Array.from({ length: 24 }, (_, index) => index);
    expect(hexOf(await encryptKeyfile(Buffer.from(PLAIN), 'testing', nonce))).toBe(hexOf(NACL));
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    expect(text(await decryptKeyfile(NACL, 'testing'))).toBe(PLAIN);
    clearInterval(timer);
    expect(turns, 'turns of the event loop during the derivation').toBeGreaterThan(20);
    await expect(decryptKeyfile(NACL, 'Testing')).rejects.toMatchObject({ code: 'ERR_PASSWORD' });
  });

  it('Ansible Vault (E 80)', async () => {
    expect(text(await decryptKeyfile(ANSIBLE, 'testing'))).toBe(PLAIN);
    expect(
      text(await decryptKeyfile(Buffer.from(ANSIBLE.toString().replaceAll('\n', '\r\n')), 'testing')),
    ).toBe(PLAIN);
    await expect(decryptKeyfile(ANSIBLE, 'wrong')).rejects.toMatchObject({ code: 'ERR_PASSWORD' });
  });

  it('legacy Fernet (E 81)', { timeout: 180_000 }, async () => {
    expect(text(await decryptKeyfile(FERNET, 'testing'))).toBe(PLAIN);
  });

  it.each([
    [NACL, 'nacl'],
    [ANSIBLE, 'ansible'],
    [FERNET, 'fernet'],
    [Buffer.from(PLAIN), 'none'],
    [Buffer.from('$NACL$ANSIBLE_VAULT'), 'nacl'],
    [Buffer.from('$nacl'), 'none'],
    [new Uint8Array(0), 'none'],
  ] as const)('is known by the first bytes (E 82) %#', (file, encryption) => {
    expect(encryptionOf(file)).toBe(encryption);
  });

  it('a cut NaCl file is damaged before any work is done', async () => {
    for (let length = 5; length < 45; length += 8) {
      await expect(decryptKeyfile(NACL.subarray(0, length), 'testing')).rejects.toMatchObject({
        code: 'ERR_KEYFILE',
      });
    }
  });

  it('any change of an Ansible file is an error of ours', async () => {
    const known = expect.objectContaining({ code: expect.stringMatching(/^ERR_(PASSWORD|KEYFILE)$/) });
    await fc.assert(
      fc.asyncProperty(fc.nat(ANSIBLE.length - 2), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const file = Uint8Array.from(ANSIBLE);
        file[at] = (file[at] ?? 0) ^ change;
        fc.pre(
          !['none'].includes(encryptionOf(file)) && !/^[0-9a-f\s]$/i.test(String.fromCharCode(file[at] ?? 0)),
        );
        await expect(decryptKeyfile(file, 'testing')).rejects.toEqual(known);
      }),
      { numRuns: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.string({ maxLength: 200 }), async (keep, junk) => {
        const file = Buffer.concat([ANSIBLE.subarray(0, 14 + keep), Buffer.from(junk)]);
        await expect(decryptKeyfile(file, 'testing')).rejects.toEqual(known);
      }),
    );
  });

  it('junk after the Fernet mark is damaged before any work is done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 60 }), async (junk) => {
        await expect(decryptKeyfile(Buffer.from(`gAAAAA${junk}`), 'x')).rejects.toMatchObject({
          code: 'ERR_KEYFILE',
        });
      }),
    );
  });
});
