/** What a `btauth/1` signature covers. */
export interface BtauthPayload {
  readonly scheme: 'sr25519' | 'ed25519';
  /** Any case; the payload holds it in upper case. */
  readonly method: string;
  /** `path[?query]` exactly as on the wire. */
  readonly target: string;
  /** Lower-case hex. */
  readonly bodySha256: string;
  /** Canonical decimal, nanoseconds. */
  readonly nonce: string;
  readonly hotkey: string;
  /** Absent for a request that is not bound to a receiver. */
  readonly receiver?: string | undefined;
}

/** The eight lines under a `btauth/1` signature (SDK 11), as UTF-8. */
export function btauthPayload(parts: BtauthPayload): Uint8Array {
  const lines = [
    'btauth/1',
    parts.scheme,
    parts.method.toUpperCase(),
    parts.target,
    parts.bodySha256,
    parts.nonce,
    parts.hotkey,
    parts.receiver ?? '-',
  ];
  return Buffer.from(lines.join('\n'), 'utf8');
}
