import { createDecipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { damaged, wrongPassword } from './failure.ts';

/**
 * Ansible Vault 1.1 and 1.2 (AES256), which btwallet wrote before 2023: a header line, then hexadecimal lines of
 * hex(salt) ⏎ hex(HMAC) ⏎ hex(ciphertext).
 */
export async function decryptAnsible(file: Uint8Array, password: string): Promise<Uint8Array> {
  const [header = '', ...lines] = Buffer.from(file).toString('latin1').trim().split(/\r?\n/);
  if (!/^\$ANSIBLE_VAULT;1\.[12];AES256(;.*)?$/.test(header.trim())) throw damaged();
  const [salt, mac, ciphertext] = fromHex(lines.map((line) => line.trim()).join(''))
    .toString('latin1')
    .split('\n')
    .map(fromHex);
  if (!salt?.length || mac?.length !== 32 || !ciphertext?.length) throw damaged();
  const keys = await promisify(pbkdf2)(Buffer.from(password, 'utf8'), salt, 10_000, 80, 'sha256');
  const expected = createHmac('sha256', keys.subarray(32, 64)).update(ciphertext).digest();
  if (!timingSafeEqual(expected, mac)) throw wrongPassword();
  const cipher = createDecipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64, 80));
  return unpad(Buffer.concat([cipher.update(ciphertext), cipher.final()]));
}

function fromHex(text: string): Buffer {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) throw damaged();
  return Buffer.from(text, 'hex');
}

/** PKCS#7; Ansible pads although its cipher is a stream cipher. */
function unpad(plain: Buffer): Uint8Array {
  const count = plain.at(-1) ?? 0;
  if (count < 1 || count > 16 || plain.length < count) throw damaged();
  if (!plain.subarray(-count).every((byte) => byte === count)) throw damaged();
  return plain.subarray(0, -count);
}
