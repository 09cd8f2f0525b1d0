import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A fresh folder for wallets, removed after the test. */
export function temporaryRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'sv72-wallet-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

export const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex.replace(/^0x/, ''), 'hex'));
export const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
export const seedOf = (byte: number) => new Uint8Array(32).fill(byte);
export const OLD_LEOPARD = 'old leopard transfer rib spatial phone calm indicate online fire caution review';
export const V = '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi';
export const M = '5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA';
