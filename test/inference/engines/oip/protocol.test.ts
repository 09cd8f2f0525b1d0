import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeInfer,
  describedGraph,
  describedServer,
  encodeInfer,
} from '../../../../src/inference/engines/oip/protocol.ts';

test('numbers in any nesting are read; anything else is an error with a sentence, never another one', () => {
  const answer = (data: unknown) =>
    Buffer.from(JSON.stringify({ outputs: [{ name: 'p', datatype: 'FP32', shape: [2, 1], data }] }));
  expect([...decodeInfer(answer([0.25, 0.5]), 'p', 2)]).toEqual([0.25, 0.5]);
  expect([...decodeInfer(answer([[0.25], [0.5]]), 'p', 2)]).toEqual([0.25, 0.5]);
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      for (const read of [
        () => decodeInfer(Buffer.from(text), 'p', 1),
        () => describedGraph(Buffer.from(text)),
        () => describedServer(Buffer.from(text)),
      ]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(TypeError);
        }
      }
    }),
  );
});

test('both forms of a request say the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (data) => {
      const input = { name: 'image', shape: [1, 2, 2, 3], data };
      const text = JSON.parse(String(encodeInfer(input, 'p', false).body));
      expect(text.inputs[0]).toEqual({
        name: 'image',
        shape: [1, 2, 2, 3],
        datatype: 'UINT8',
        data: [...data],
      });
      const { headers, body } = encodeInfer(input, 'p', true);
      const length = Number(headers['inference-header-content-length']);
      const bytes = Buffer.from(body);
      expect(JSON.parse(bytes.subarray(0, length).toString()).inputs[0]).toMatchObject({
        name: 'image',
        parameters: { binary_data_size: 12 },
      });
      expect([...bytes.subarray(length)]).toEqual([...data]);
    }),
  );
  const floats = encodeInfer({ name: 'x', shape: [2], data: Float32Array.of(0.5, -2) }, 'p', true);
  expect(Buffer.from(floats.body).subarray(-8).readFloatLE(4)).toBe(-2);
});
