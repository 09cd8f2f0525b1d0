import type { Hex } from '../types.ts';

export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

export function isHex(text: unknown): text is Hex {
  return typeof text === 'string' && /^0x(?:[0-9a-f]{2})*$/i.test(text);
}

/** @throws TypeError when it is no hex */
export function fromHex(text: string): Uint8Array {
  if (!isHex(text)) throw new TypeError('not hexadecimal');
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'));
}
