import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIp, encodeIp, hostPort, ipRange } from '../../../src/chain/index.ts';

describe('ip addresses on chain', () => {
  it.each([
    ['203.0.113.9', 3_405_803_785n, 4],
    ['2001:db8::1', 42_540_766_411_282_592_856_903_984_951_653_826_561n, 6],
    ['::ffff:1.2.3.4', 16_909_060n, 4],
    ['0.0.0.0', 0n, 4],
    ['::', 0n, 6],
  ])('%s is %s', (text, ip, type) => {
    expect(encodeIp(text)).toEqual({ ip, type });
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '::1%eth0',
    ':::',
    'localhost',
    '1.2.3.4:80',
    '[::1]',
  ])('%j is none', (text) => {
    expect(encodeIp(text)).toBeUndefined();
  });

  it('come back as they were, IPv4', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const encoded = encodeIp(text);
        expect(encoded && decodeIp(encoded.ip, encoded.type)).toBe(text);
      }),
    );
  });

  it('come back in their shortest form, IPv6', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const encoded = encodeIp(text);
        expect(encoded).toBeDefined();
        if (encoded?.type !== 6) return;
        // The URL parser is an independent implementation of the same short form.
        const short = new URL(`http://[${text}]`).hostname.slice(1, -1);
        expect(decodeIp(encoded.ip, 6)).toBe(short);
      }),
      { numRuns: 1_000 },
    );
  });

  it('go from number to text and back', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 128n) - 1n), (ip) => {
        const text = decodeIp(ip, 6);
        const mapped = ip >> 32n === 0xffffn;
        expect(encodeIp(text ?? '')).toEqual(mapped ? { ip: ip & 0xffffffffn, type: 4 } : { ip, type: 6 });
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [1n << 32n, 4],
    [1n << 128n, 6],
    [-1n, 4],
    [1n, 5],
  ])('%s of type %s is no address', (ip, type) => {
    expect(decodeIp(ip, type)).toBeUndefined();
  });

  it.each([
    ['8.8.8.8', 'public'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'carrier-nat'],
    ['100.128.0.1', 'public'],
    ['127.0.0.1', 'loopback'],
    ['169.254.1.1', 'link-local'],
    ['0.0.0.0', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['203.0.113.9', 'documentation'],
    ['::1', 'loopback'],
    ['::', 'unspecified'],
    ['fe80::1', 'link-local'],
    ['fd00::1', 'private'],
    ['2001:db8::1', 'documentation'],
    ['2a00:1450:4001::1', 'public'],
    ['::ffff:192.168.0.1', 'private'],
  ])('%s is %s', (text, range) => {
    const encoded = encodeIp(text);
    expect(encoded && ipRange(encoded)).toBe(range);
  });

  it('stand with their port', () => {
    expect(hostPort('1.2.3.4', 8091)).toBe('1.2.3.4:8091');
    expect(hostPort('2001:db8::1', 8091)).toBe('[2001:db8::1]:8091');
  });
});
