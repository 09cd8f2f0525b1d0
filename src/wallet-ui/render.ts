import type { Finding, ListedKey } from '../wallet/index.ts';

/** A key in a list: its address, and what is special about it. */
export function keyText(key: ListedKey): string {
  const address = key.ss58 ?? (key.encryption === 'none' ? '?' : '<ENCRYPTED>');
  const remarks = [
    key.unreadable ? 'cannot be read' : undefined,
    key.isPrivate ? undefined : 'public only',
    key.encryption !== 'none' && key.ss58 !== undefined ? 'encrypted' : undefined,
    key.cryptoType === 'ed25519' ? 'ed25519' : undefined,
  ].filter((remark) => remark !== undefined);
  return remarks.length > 0 ? `${address}  (${remarks.join(', ')})` : address;
}

/** A finding, with what to do about it on a line of its own. */
export function findingText(finding: Finding, repaired: boolean): string {
  return `${finding.severity}: ${finding.message}\n  ${repaired ? 'Repaired.' : finding.next}`;
}
