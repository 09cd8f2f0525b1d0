import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Shown } from '../../../src/inference/engine.ts';
import { frameReader, writeFrame } from '../../../src/inference/engines/onnx/frames.ts';

interface Sent {
  readonly id: number;
  readonly leftMs: number;
  readonly images: readonly Shown[];
}

function bytesOf(frames: readonly Sent[]): Buffer {
  const pipe = new PassThrough();
  for (const { id, leftMs, images } of frames) writeFrame(pipe, id, leftMs, images);
  return pipe.read() ?? Buffer.alloc(0);
}

const frame = fc.record({
  id: fc.nat(2 ** 40),
  leftMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
  images: fc.array(
    fc.record({
      bytes: fc.uint8Array({ maxLength: 300 }),
      view: fc.constantFrom(undefined, 'mirror' as const, 'left' as const, 'right' as const),
    }),
    { maxLength: 9 },
  ),
});

test('frames arrive as they were sent, however the pipe cuts them', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 90 })),
      (frames, cuts) => {
        const arrived: Sent[] = [];
        const read = frameReader(({ id, leftMs, images }) =>
          arrived.push({
            id,
            leftMs,
            images: images.map(({ bytes, view }) => ({ bytes: bytes.slice(), view })),
          }),
        );
        const bytes = bytesOf(frames);
        for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
          const length = cuts[piece] ?? 1_000;
          read(bytes.subarray(at, at + length));
          at += length;
        }
        expect(arrived.map(({ id, leftMs }) => [id, leftMs])).toEqual(
          frames.map(({ id, leftMs }) => [id, leftMs]),
        );
        const texts = (all: readonly Sent[]) =>
          all.map(({ images }) =>
            images.map(({ bytes, view }) => [view, Buffer.from(bytes).toString('hex')]),
          );
        expect(texts(arrived)).toEqual(texts(frames));
      },
    ),
  );
});

test('a frame has memory of its own, which can be given back', () => {
  const wholes: Uint8Array[] = [];
  const read = frameReader(({ whole }) => wholes.push(whole));
  read(bytesOf([1, 2].map((id) => ({ id, leftMs: 1, images: [{ bytes: Buffer.alloc(10, id) }] }))));
  expect(wholes.map(({ buffer, byteLength }) => buffer.byteLength === byteLength)).toEqual([true, true]);
  expect(wholes[0]?.buffer).not.toBe(wholes[1]?.buffer);
});
