import { randomBytes } from 'node:crypto';

export type ImageField =
  | { readonly ok: true; readonly image: Uint8Array }
  /** syntax: not JSON; shape: JSON, but no object, or its image is no string. */
  | { readonly ok: false; readonly problem: 'syntax' | 'shape' };

/** Nobody outside can know it, so it can stand for the image's text in a body without being mistaken for anything else. */
const TOKEN = randomBytes(24).toString('base64url');
const KEY = Buffer.from('"image"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Below this `JSON.parse` is fast enough to keep things simple. */
const SMALL = 4_096;

/**
 * The image of a body `{…, "image": "<base64>", …}`; empty when the field is missing.
 * Base64 is read leniently, as Python's `b64decode` does: characters outside the alphabet are skipped. Missing padding
 * and the URL-safe alphabet are forgiven, too.
 */
export function decodeImageField(body: Buffer): ImageField {
  return (body.length > SMALL ? withoutParsingTheImage(body) : undefined) ?? byParsingAll(body);
}

/**
 * Cuts the image's text out of the body, puts a token in its place, and lets `JSON.parse` judge the small rest: if the
 * token comes back as the value of "image", the text between the quotes was that value. Gives up (undefined) on
 * everything unusual: escapes, characters outside base64, several fields of that name in the wrong order, errors.
 */
function withoutParsingTheImage(body: Buffer): ImageField | undefined {
  const key = body.indexOf(KEY);
  if (key < 0) return undefined;
  const open = body.indexOf(QUOTE, key + KEY.length);
  if (open < 0) return undefined;
  const close = body.indexOf(QUOTE, open + 1);
  if (close < 0) return undefined;
  const backslash = body.indexOf(BACKSLASH, open);
  if (backslash >= 0 && backslash < close) return undefined;
  const restLength = body.length - (close - open);
  if (restLength > SMALL * 16) return undefined;

  let value: unknown;
  try {
    const before = decodeUtf8(body.subarray(0, open + 1));
    const after = decodeUtf8(body.subarray(close));
    value = JSON.parse(before + TOKEN + after);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.image !== TOKEN) return undefined;
  const characters = base64Length(body, open + 1, close);
  if (characters % 4 === 1) return undefined;
  const image = Buffer.from(body.toString('latin1', open + 1, close), 'base64');
  // Decoding skips what is not base64; a result of full length proves that there was nothing to skip.
  return image.length === Math.floor((characters * 3) / 4) ? { ok: true, image } : undefined;
}

function byParsingAll(body: Buffer): ImageField {
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(body));
  } catch {
    return { ok: false, problem: 'syntax' };
  }
  if (!isObject(value)) return { ok: false, problem: 'shape' };
  const image = Object.hasOwn(value, 'image') ? value.image : '';
  if (typeof image !== 'string') return { ok: false, problem: 'shape' };
  return { ok: true, image: Buffer.from(image, 'base64') };
}

/** Characters between these positions without the padding. */
function base64Length(body: Buffer, start: number, end: number): number {
  let length = end - start;
  for (let i = 0; i < 2 && length > 0 && body[start + length - 1] === 0x3d; i++) length -= 1;
  return length;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws TypeError for bytes that are not UTF-8 */
function decodeUtf8(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
