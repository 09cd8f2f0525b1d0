import sharp from 'sharp';

/** A JPEG of about `bytes` bytes with content at all scales, the same one every time. */
export async function makeJpeg(bytes: number, width: number, height: number): Promise<Buffer> {
  const pixels = texture(width, height);
  const encode = (quality: number): Promise<Buffer> =>
    sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality })
      .toBuffer();
  let best = await encode(50);
  for (let quality = 5; quality <= 98; quality += 3) {
    const candidate = await encode(quality);
    if (Math.abs(candidate.length - bytes) < Math.abs(best.length - bytes)) best = candidate;
  }
  return best;
}

/** The same picture with other bytes: a comment with the number is put behind the start marker. */
export function numberedJpeg(jpeg: Buffer, number: number): Buffer {
  const comment = Buffer.from(`image ${number}`, 'latin1');
  const marker = Buffer.from([0xff, 0xfe, 0, comment.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, comment, jpeg.subarray(2)]);
}

function texture(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  let state = 72;
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const noise = (state >>> 24) / 16;
      for (let channel = 0; channel < 3; channel += 1, at += 1) {
        const wave = Math.sin((x * (channel + 1)) / 17) + Math.cos((y * (channel + 2)) / 29);
        pixels[at] = 120 + 45 * wave + noise;
      }
    }
  }
  return pixels;
}
