import sharp, { type Metadata } from 'sharp';
import { decode, restrictDecoder } from './decode.ts';

/** A picture as it is sent to a server: a JPEG that every decoder takes. */
export interface Picture {
  readonly jpeg: Uint8Array;
  /** Of the JPEG, pixels. */
  readonly sent: { readonly width: number; readonly height: number };
  /** Of what came in. */
  readonly width: number;
  readonly height: number;
  readonly format: string;
}

const QUALITY = 92;

/**
 * A whole JPEG that is no larger than `side` and carries nothing but a picture goes as it came; anything else is decoded
 * and encoded anew, which leaves out where and with what it was taken.
 *
 * @throws Error when the bytes are no image, or one of more than `pixels`
 */
export async function pictureOf(
  bytes: Uint8Array,
  { pixels, side }: { readonly pixels: number; readonly side: number },
): Promise<Picture> {
  restrictDecoder();
  const meta = await sharp(bytes, { failOn: 'none', limitInputPixels: pixels }).metadata();
  const { width, height, format } = meta;
  if (isPlain(meta, side) && (await isWhole(bytes, pixels))) {
    return { jpeg: bytes, sent: { width, height }, width, height, format };
  }
  const target = { width: side, height: side };
  const { image } = await decode(bytes, { pixels, target: () => target });
  const { data, info } = await sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: 3 },
  })
    .resize({ ...target, fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
    .jpeg({ quality: QUALITY })
    .toBuffer({ resolveWithObject: true });
  return { jpeg: data, sent: { width: info.width, height: info.height }, width, height, format };
}

/** Width and height of the grey picture: those that validators send. */
export const GREY_SIDE = 224;

export async function greyPicture(): Promise<Buffer> {
  const background = { r: 128, g: 128, b: 128 };
  return sharp({ create: { width: GREY_SIDE, height: GREY_SIDE, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

function isPlain(meta: Metadata, side: number): boolean {
  const { format, width, height, space, exif, xmp, iptc, icc } = meta;
  const extras = [exif, xmp, iptc, icc].some((extra) => extra !== undefined);
  const colours = space === 'srgb' || space === 'b-w';
  return format === 'jpeg' && colours && !extras && Math.max(width, height) <= side;
}

async function isWhole(bytes: Uint8Array, pixels: number): Promise<boolean> {
  try {
    await sharp(bytes, { failOn: 'warning', limitInputPixels: pixels, ignoreIcc: true }).raw().toBuffer();
    return true;
  } catch {
    return false;
  }
}
