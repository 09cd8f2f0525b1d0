import { Metadata, TypeRegistry } from '@polkadot/types';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { runtimeImage } from '../support/devchain/metadata/images.ts';
import { METADATA_VERSIONS } from '../support/devchain/metadata/older.ts';
import { fromHex, Reader, toHex, Writer } from '../support/devchain/scale/bytes.ts';
import { anyValue, hasValues } from './arbitrary.ts';

describe.each(['spec424', 'newer', 'old'] as const)('the values of %s', (variant) => {
  const image = runtimeImage(variant);
  const { codec, metadata } = image;
  let registry: TypeRegistry;
  beforeAll(() => {
    registry = new TypeRegistry();
    registry.setMetadata(
      new Metadata(registry, image.encoded(15) as `0x${string}`),
      undefined,
      undefined,
      true,
    );
  });

  test('any call means the same to the public library, byte for byte', () => {
    const { call } = metadata.extrinsic;
    fc.assert(
      fc.property(anyValue(codec.types, call, 5), (value) => {
        const encoded = codec.encode(call, value);
        expect(toHex(registry.createType('Call', encoded).toU8a())).toBe(toHex(encoded));
        expect(codec.encode(call, codec.decode(call, encoded))).toEqual(encoded);
      }),
      { numRuns: 100 },
    );
  });

  test('so do the answers of runtime APIs and values of storage', () => {
    const outputs = metadata.apis
      .filter((api) => /^(Neuron|Subnet|Stake|Swap|Delegate)/.test(api.name))
      .flatMap((api) => api.methods.map((method) => method.output));
    const values = image
      .itemsUnder(new Uint8Array())
      .flatMap((item) => (item.name === 'Events' ? [] : [item.value]));
    const inhabited = [...new Set([...outputs, ...values])].filter((id) => hasValues(codec.types, id));
    const type = fc.constantFrom(...inhabited);
    const typed = type.chain((id) => anyValue(codec.types, id, 5).map((value) => ({ id, value })));
    fc.assert(
      fc.property(typed, ({ id, value }) => {
        const encoded = codec.encode(id, value);
        expect(codec.encode(id, codec.decode(id, encoded))).toEqual(encoded);
        const other = registry.createType(registry.createLookupType(id), encoded);
        expect(toHex(other.toU8a())).toBe(toHex(encoded));
      }),
      { numRuns: 100 },
    );
  });

  test('defaults of storage are values of their types', () => {
    for (const item of image.itemsUnder(new Uint8Array())) {
      if (item.entry.modifier === 0) continue;
      const value = codec.decode(item.value, item.entry.fallback);
      expect(codec.encode(item.value, value), item.name).toEqual(item.entry.fallback);
    }
  });

  test('storage keys are reversible', () => {
    const maps = image
      .itemsUnder(new Uint8Array())
      .filter((item) => item.keys.length > 0 && item.keys.every((key) => key.hasher.keepsKey));
    const keyed = fc
      .constantFrom(...maps)
      .chain((item) =>
        fc.tuple(fc.constant(item), fc.tuple(...item.keys.map((key) => anyValue(codec.types, key.type, 3)))),
      );
    fc.assert(
      fc.property(keyed, ([item, keys]) => {
        const key = image.storageKey(item, keys);
        const parsed = image.parseKey(item, key);
        expect(parsed && toHex(image.storageKey(item, parsed))).toBe(toHex(key));
        expect(image.itemOf(key)).toBe(item);
      }),
      { numRuns: 100 },
    );
  });

  test('its metadata is understood in each version that it has', () => {
    for (const version of image.metadataVersions) {
      const read = new Metadata(new TypeRegistry(), image.encoded(version) as `0x${string}`);
      expect(read.version).toBe(version);
      expect(read.asLatest.pallets).toHaveLength(metadata.pallets.length);
    }
  });
});

test('the real metadata is served as it was received', () => {
  expect(METADATA_VERSIONS).toContain(16);
  const served = fromHex(runtimeImage('spec424').encoded(16));
  expect(served).toHaveLength(337_961);
});

test('bytes from outside: what is decoded is written back, what is not throws a RangeError', () => {
  const { codec, metadata } = runtimeImage('spec424');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const reader = new Reader(bytes);
      let value: ReturnType<typeof codec.read>;
      try {
        value = codec.read(reader, metadata.extrinsic.call);
      } catch (error) {
        // Text that is no UTF-8 is a TypeError of the platform.
        expect(error instanceof RangeError || error instanceof TypeError).toBe(true);
        return;
      }
      expect(codec.encode(metadata.extrinsic.call, value)).toEqual(bytes.slice(0, reader.offset));
    }),
    { numRuns: 1000 },
  );
});

test('compact numbers: every length, and only the shortest form', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 128n), (value) => {
      const encoded = new Writer().compact(value).done();
      expect(new Reader(encoded).compact()).toBe(value);
    }),
  );
  for (const long of ['0x0100', '0xfd000000', '0x02000000', '0x0300000000', '0x0700000000ff'.slice(0, 12)])
    expect(() => new Reader(fromHex(long)).compact(), long).toThrow(RangeError);
});
