/**
 * Batches of images go to the engine process through a pipe of their own. Node's channel between processes would copy
 * each image several times and leave the copies to the garbage collectors of both sides, which let tens of megabytes
 * gather. A frame is the length of what follows (u32), the batch's number (f64), the
 * milliseconds that are left for it (f64), how many images (u32), the length of
 * each (u32), the number of the view that is wanted of each (u8, 0: itself), and the images.
 */
import type { Writable } from 'node:stream';
import type { Shown } from '../../engine.ts';
import { OTHER_VIEWS } from '../../views.ts';

/** The engine process reads frames from this file descriptor. */
export const FRAMES_FD = 4;

const LEFT_AT = 8;
const COUNT_AT = LEFT_AT + 8;
const LENGTHS_AT = COUNT_AT + 4;

/** Writes one frame; the images must stay as they are until the engine has answered. */
export function writeFrame(pipe: Writable, id: number, leftMs: number, images: readonly Shown[]): void {
  const views = 4 + LENGTHS_AT + images.length * 4;
  const head = Buffer.alloc(views + images.length);
  head.writeDoubleLE(id, 4);
  head.writeDoubleLE(leftMs, 4 + LEFT_AT);
  head.writeUInt32LE(images.length, 4 + COUNT_AT);
  let length = head.length - 4;
  images.forEach(({ bytes, view }, index) => {
    head.writeUInt32LE(bytes.length, 4 + LENGTHS_AT + index * 4);
    head.writeUInt8(view === undefined ? 0 : OTHER_VIEWS.indexOf(view) + 1, views + index);
    length += bytes.length;
  });
  head.writeUInt32LE(length, 0);
  pipe.cork();
  pipe.write(head);
  for (const { bytes } of images) pipe.write(bytes);
  pipe.uncork();
}

export interface Frame {
  readonly id: number;
  readonly leftMs: number;
  readonly images: readonly Shown[];
  /** What the images are parts of, and nothing else is. */
  readonly whole: Uint8Array;
}

/** Takes what comes out of the pipe, in pieces of any size, and tells of each frame that is complete. */
export function frameReader(onFrame: (frame: Frame) => void): (piece: Uint8Array) => void {
  const prefix = Buffer.alloc(4);
  let filled = 0;
  let whole: Buffer | undefined;
  return (piece) => {
    let at = 0;
    while (at < piece.length) {
      const target = whole ?? prefix;
      const part = piece.subarray(at, at + target.length - filled);
      target.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < target.length) return;
      filled = 0;
      if (whole === undefined) {
        whole = Buffer.allocUnsafeSlow(prefix.readUInt32LE(0));
      } else {
        const complete = whole;
        whole = undefined;
        onFrame(parse(complete));
      }
    }
  };
}

function parse(whole: Buffer): Frame {
  const count = whole.readUInt32LE(COUNT_AT);
  const views = LENGTHS_AT + count * 4;
  let at = views + count;
  const images = Array.from({ length: count }, (_, index): Shown => {
    const from = at;
    at += whole.readUInt32LE(LENGTHS_AT + index * 4);
    return { bytes: whole.subarray(from, at), view: OTHER_VIEWS[whole.readUInt8(views + index) - 1] };
  });
  return { id: whole.readDoubleLE(0), leftMs: whole.readDoubleLE(LEFT_AT), images, whole };
}
