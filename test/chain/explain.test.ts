import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customFailure, failure, poolFailure } from '../../src/chain/errors/explain.ts';
import { explainChainWord, explainedNames } from '../../src/chain/index.ts';

/** Names that a miner may meet, by what the runtimes and the SDK of 2026 have. */
const NAMES =
  `InsufficientTaoBalance NotEnoughBalanceToStake InsufficientAlphaBalance StakeUnavailable SlippageTooHigh
InsufficientLiquidity RegistrationPriceLimitExceeded SubNetRegistrationDisabled InvalidWorkBlock InvalidDifficulty InvalidSeal
TooManyRegistrationsThisBlock HotKeyAlreadyRegisteredInSubNet NoNeuronIdAvailable NonAssociatedColdKey CannotUseSystemAccount
TooManyStakingHotkeys ColdkeyCollateralPositionsFull KeepStakeBlockedByCollateral ColdkeyCollateralIncomplete ColdkeySwapTooHeavy
ColdkeySwapAnnounced ColdkeySwapDisputed HotKeyNotRegisteredInSubNet HotKeyNotRegisteredInNetwork ServingRateLimitExceeded
InvalidIpType InvalidIpAddress InvalidPort SubnetNotExists WaitingForDissolvedSubnetCleanup SubtokenDisabled StartCallNotReady
TransferDisallowed AmountTooLow RootStakeLocked TxRateLimitExceeded StakingRateLimitExceeded HotKeySwapOnSubnetIntervalNotPassed
CommitPayloadTooLarge CommitQueueFull TimelockRevealFailedNotAllowed AccountNotAllowedCommit SpaceLimitExceeded
SubNetworkDoesNotExist CallFiltered NotProxy Payment Stale BadProof`.split(/\s+/);

describe('the chain’s words', () => {
  it.each(NAMES)('%s has a sentence and a next step', (name) => {
    const found = explainChainWord(name);
    expect(found).toMatchObject({ name });
    expect(found?.code).not.toBe('unknown');
    for (const text of [found?.meaning, found?.next]) expect(text).toMatch(/^[A-Z`].*\.$/s);
    expect(explainChainWord(`SubtensorModule.${name.toLowerCase()}`)?.name).toBe(name);
  });

  it('each has its own sentence about what to do, none of them the name alone', () => {
    for (const name of explainedNames()) {
      const found = failure('pool', name);
      expect(found.meaning, name).not.toContain(name);
      expect(found.next.length, name).toBeGreaterThan(10);
    }
  });

  it.each([...Array.from({ length: 28 }, (_, number) => number), 255])(
    'Custom error: %i is known',
    (number) => {
      const found = customFailure(number);
      expect(found.code).not.toBe('unknown');
      for (const spelling of [
        `1010: Invalid Transaction: Custom error: ${number}`,
        `Invalid Transaction Custom error: ${number}`,
        `1010: {"invalid":{"custom":${number}}}`,
        `{'Custom': ${number}}`,
        `{"Err":{"Invalid":{"Custom":"${number}"}}}`,
      ]) {
        expect(poolFailure(spelling)?.name, spelling).toBe(found.name);
        expect(explainChainWord(spelling)?.name, spelling).toBe(found.name);
      }
    },
  );

  it.each([
    ['Inability to pay some fees (e.g. account balance too low)', 'Payment'],
    ['1010: Invalid Transaction: Transaction is outdated', 'Stale'],
    ['1010: {"invalid":"stale"}', 'Stale'],
    ['1010: {"invalid":{"badProof":null}}', 'BadProof'],
    ['Transaction has a bad signature', 'BadProof'],
    [
      '1014: Priority is too low: (3 vs 3): The transaction has too low priority to replace',
      'PriorityTooLow',
    ],
    ['1013: Transaction Already Imported', 'AlreadyImported'],
    ['1012: Transaction is temporarily banned', 'TemporarilyBanned'],
    ['{"unknown":"cannotLookup"}', 'CannotLookup'],
  ])('%s is %s', (text, name) => {
    expect(poolFailure(text)).toMatchObject({ name, channel: 'pool' });
  });

  it('a name that nobody explained is said as it is, with what the runtime says of it', () => {
    expect(failure('dispatch', 'BrandNew', { docs: 'The moon is\n in the  wrong phase' })).toMatchObject({
      code: 'unknown',
      meaning: 'The chain says: The moon is in the wrong phase.',
    });
    expect(failure('dispatch', 'BrandNew').meaning).toContain('BrandNew');
    expect(explainChainWord('BrandNew')).toBeUndefined();
  });

  it('any other text is nothing, and never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const found = explainChainWord(text);
        if (found) expect(explainedNames()).toContain(found.name);
      }),
    );
  });
});
