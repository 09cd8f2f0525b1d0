import type { NetworkInterfaceInfo } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AddressOptions, announcedAddress } from '../../src/presence/index.ts';

const on = (...addresses: string[]): NodeJS.Dict<NetworkInterfaceInfo[]> => ({
  lo: [face('127.0.0.1', true), face('::1', true)],
  eth0: addresses.map((address) => face(address, false)),
});

function face(address: string, internal: boolean): NetworkInterfaceInfo {
  const rest = { address, internal, mac: '00:00:00:00:00:00', netmask: '', cidr: null };
  return address.includes(':') ? { ...rest, family: 'IPv6', scopeid: 0 } : { ...rest, family: 'IPv4' };
}

const find = (options: Partial<AddressOptions>) =>
  announcedAddress({ externalIp: null, host: '::', force: false, interfaces: on(), ...options });

test.each([
  ['given', { externalIp: '8.8.8.8', interfaces: on('9.9.9.9') }, '8.8.8.8', 'settings'],
  ['listened on', { host: '9.9.9.9', interfaces: on('8.8.8.8') }, '9.9.9.9', 'host'],
  ['the only public one', { interfaces: on('10.0.0.4', '9.9.9.9', 'fe80::1%eth0') }, '9.9.9.9', 'interface'],
  ['IPv4 before IPv6', { interfaces: on('2a00:1450::1', '9.9.9.9') }, '9.9.9.9', 'interface'],
  [
    'IPv6 where there is no other',
    { interfaces: on('10.0.0.4', '2a00:1450::1') },
    '2a00:1450::1',
    'interface',
  ],
])('the address is %s', (_, options, text, from) => {
  expect(find(options)).toMatchObject({ text, from, range: 'public' });
});

test.each([
  ['none', { interfaces: on('10.0.0.4', '100.64.0.9') }],
  ['several', { interfaces: on('8.8.8.8', '9.9.9.9') }],
  ['only IPv6, which an IPv4 socket does not take', { host: '0.0.0.0', interfaces: on('2a00:1450::1') }],
  ['a loopback that is listened on', { host: '127.0.0.1', interfaces: on('9.9.9.9') }],
])('it has to be said where there is %s', (_, options) => {
  expect(() => find(options)).toThrow(expect.objectContaining({ code: 'ERR_EXTERNAL_IP' }));
});

test.each([
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.2',
  '169.254.1.1',
  '192.0.2.1',
  '2001:db8::1',
  '::ffff:192.168.0.1',
  '224.0.0.1',
])('%s is refused unless forced', (externalIp) => {
  expect(() => find({ externalIp })).toThrow(expect.objectContaining({ code: 'ERR_ANNOUNCE_ADDRESS' }));
  expect(find({ externalIp, force: true }).range).not.toBe('public');
});

test.each([
  '127.0.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '255.255.255.255',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
])('%s cannot be forced, because the chain refuses it, which is said', (externalIp) => {
  const forced = () => find({ externalIp, force: true });
  expect(forced).toThrow(expect.objectContaining({ code: 'ERR_ANNOUNCE_ADDRESS' }));
  expect(forced).toThrow(/chain itself/);
  expect(() => find({ host: externalIp, force: true })).toThrow(/chain itself/);
});

test.each(['0.0.0.0', '::', 'localhost', '', 'fe80::1%eth0', '1.2.3'])(
  '%s is refused even when forced',
  (externalIp) => {
    expect(() => find({ externalIp, force: true })).toThrow(
      expect.objectContaining({ code: 'ERR_ANNOUNCE_ADDRESS' }),
    );
  },
);

test('IPv4 mapped into IPv6 is announced as IPv4', () => {
  fc.assert(
    fc.property(fc.ipV4(), (v4) => {
      fc.pre(!['0.0.0.0', '127.0.0.1', '255.255.255.255'].includes(v4));
      const plain = find({ externalIp: v4, force: true });
      const mapped = find({ externalIp: `::ffff:${v4}`, force: true });
      expect(mapped.ip).toEqual(plain.ip);
    }),
  );
});
