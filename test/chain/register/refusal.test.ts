import { afterEach, expect, test } from 'vitest';
import { Sv72Error } from '../../../src/errors/index.ts';
import { keypairFromUri } from '../../../src/wallet/index.ts';
import type { World } from '../../support/devchain/index.ts';
import { keyOf, strangerKey } from '../../support/devchain/scenarios/index.ts';
import { hotkey, type Stage, startStage, tao } from './stage.ts';

let stage: Stage;
afterEach(async () => await stage.close());

/** Nothing of it may come to the chain, and nobody be asked. */
async function refused(request: Parameters<Stage['register']>[0]): Promise<Sv72Error> {
  const error = await stage.register(request).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Sv72Error);
  expect(stage.bills).toEqual([]);
  expect(stage.devchain.submitted).toEqual([]);
  return error;
}

const subnet72 = (world: World) => {
  const subnet = world.subnets.get(72);
  if (subnet === undefined) throw new Error('no subnet 72');
  return subnet;
};

test.each([
  [0, 'RegistrationNotPermittedOnRootSubnet'],
  [4_000, 'SubnetNotExists'],
])('netuid %i is refused: %s', async (netuid, reason) => {
  stage = await startStage();
  const error = await refused(stage.request({ netuid }));
  expect(error).toMatchObject({ code: 'ERR_CANNOT_REGISTER', details: { reason } });
});

test('a subnet that takes no registrations', async () => {
  stage = await startStage({ scenario: 'closed' });
  const error = await refused(stage.request());
  expect(error).toMatchObject({
    code: 'ERR_CANNOT_REGISTER',
    details: { reason: 'SubNetRegistrationDisabled' },
  });
});

test('proof of work where there is none', async () => {
  stage = await startStage();
  expect((await refused(stage.request({ way: 'pow' }))).code).toBe('ERR_POW_NOT_ALLOWED');
});

test('too little TAO, to the rao', async () => {
  stage = await startStage();
  const ferdie = keypairFromUri('//Ferdie');
  const request = stage.request({ signer: ferdie });
  const account: { free: bigint; reserved: bigint; nonce: number } = {
    free: tao('0.05'),
    reserved: 0n,
    nonce: 0,
  };
  stage.devchain.world.accounts.set(keyOf('//Ferdie'), account);
  const error = await refused(request);
  expect(error.code).toBe('ERR_BALANCE_TOO_LOW');
  account.free += BigInt(String(error.details.shortfallRao)) - 1n;
  expect((await refused(request)).details.shortfallRao).toBe('1');
  account.free += 1n;
  expect(await stage.register(request, { unlock: async () => ferdie })).toHaveLength(1);
});

test('a hotkey of another coldkey', async () => {
  stage = await startStage();
  stage.devchain.world.owners.set(keyOf('//Bob//hot'), keyOf('//Bob'));
  const error = await refused(stage.request({ hotkeys: ['//Bob//hot'] }));
  expect(error).toMatchObject({ code: 'ERR_CANNOT_REGISTER', details: { reason: 'NonAssociatedColdKey' } });
});

test('a full subnet in which nobody may be pushed out', async () => {
  stage = await startStage();
  const subnet = subnet72(stage.devchain.world);
  subnet.params.maxAllowedUids = 1;
  subnet.neurons.length = 1;
  const error = await refused(stage.request());
  expect(error).toMatchObject({ code: 'ERR_CANNOT_REGISTER', details: { reason: 'NoNeuronIdAvailable' } });
});

test('an old runtime’s interval in which no more are taken', async () => {
  stage = await startStage({ variant: 'old' });
  const subnet = subnet72(stage.devchain.world);
  subnet.registrationsThisInterval = 3 * subnet.params.targetRegistrationsPerInterval;
  const error = await refused(stage.request());
  expect(error).toMatchObject({
    code: 'ERR_CANNOT_REGISTER',
    details: { reason: 'TooManyRegistrationsThisInterval' },
  });
  subnet.registrationsThisInterval -= 1;
  expect(await stage.register(stage.request(), { at: tao('1') })).toHaveLength(1);
});

test('a coldkey whose swap was announced', async () => {
  stage = await startStage();
  stage.devchain.world.coldkeySwaps.set(keyOf('//Alice'), { when: 5_000_100, hash: strangerKey('new') });
  const error = await refused(stage.request());
  expect(error).toMatchObject({ code: 'ERR_CANNOT_REGISTER', details: { reason: 'ColdkeySwapAnnounced' } });
});

test('the first of the chain’s own checks that fails is the one that is named', async () => {
  stage = await startStage({ scenario: 'closed' });
  stage.devchain.world.accounts.delete(keyOf('//Alice'));
  stage.devchain.world.owners.set(keyOf('//Alice//new'), keyOf('//Bob'));
  expect((await refused(stage.request())).details.reason).toBe('SubNetRegistrationDisabled');
  subnet72(stage.devchain.world).params.networkRegistrationAllowed = true;
  expect((await refused(stage.request())).code).toBe('ERR_BALANCE_TOO_LOW');
});

test('one that is registered is done, also where no other could be', async () => {
  stage = await startStage({ scenario: 'closed' });
  const request = stage.request({ hotkeys: ['//Dave//hot'] });
  expect(await stage.register(request)).toMatchObject([{ hotkey: { ss58: hotkey('//Dave//hot') }, uid: 5 }]);
});
