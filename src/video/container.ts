const EBML = Buffer.from([0x1a, 0x45, 0xdf, 0xa3]);

/** Whether these bytes begin like a clip (MP4, MOV, WebM, Matroska, AVI, MPEG-TS) and not like a picture. */
export function isClip(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12));
  if (head.length < 12) return false;
  if (head.subarray(0, 4).equals(EBML)) return true;
  if (head.toString('latin1', 0, 4) === 'RIFF') return head.toString('latin1', 8) === 'AVI ';
  // The same box begins pictures in HEIF and AVIF.
  if (head.toString('latin1', 4, 8) === 'ftyp')
    return !/^(hei|hev|mif1|msf1|avi[fs])/.test(head.toString('latin1', 8));
  return bytes.length > 376 && bytes[0] === 0x47 && bytes[188] === 0x47 && bytes[376] === 0x47;
}
