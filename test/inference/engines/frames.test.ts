import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameReader, writeFrame } from '../../../src/inference/engines/onnx/frames.ts';

interface Sent {
  readonly id: number;
  readonly leftMs: number;
  readonly images: readonly Uint8Array[];
}

function bytesOf(frames: readonly Sent[]): Buffer {
  const pipe = new PassThrough();
  for (const { id, leftMs, images } of frames) writeFrame(pipe, id, leftMs, images);
  return pipe.read() ?? Buffer.alloc(0);
}

const frame = fc.record({
  id: fc.nat(2 ** 40),
  leftMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
  images: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 9 }),
});

test('frames arrive as they were sent, however the pipe cuts them', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 90 })),
      (frames, cuts) => {
        const arrived: Sent[] = [];
        const read = frameReader(({ id, leftMs, images }) =>
          arrived.push({ id, leftMs, images: images.map((i) => i.slice()) }),
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
        expect(arrived.map(({ images }) => images.map((i) => Buffer.from(i).toString('hex')))).toEqual(
          frames.map(({ images }) => images.map((i) => Buffer.from(i).toString('hex'))),
        );
      },
    ),
  );
});

test('a frame has memory of its own, which can be given back', () => {
  const wholes: Uint8Array[] = [];
  const read = frameReader(({ whole }) => wholes.push(whole));
  read(bytesOf([1, 2].map((id) => ({ id, leftMs: 1, images: [Buffer.alloc(10, id)] }))));
  expect(wholes.map(({ buffer, byteLength }) => buffer.byteLength === byteLength)).toEqual([true, true]);
  expect(wholes[0]?.buffer).not.toBe(wholes[1]?.buffer);
});
