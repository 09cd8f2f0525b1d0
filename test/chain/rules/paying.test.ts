import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgePaying, known, type PayingSignals, unknown } from '../../../src/chain/index.ts';

const PAYS: PayingSignals = {
  minerBurned: known(0),
  outsideIncentive: known({ share: 1, miners: 12 }),
  outsiders: known(200),
  lastPaid: known({ kind: 'now' }),
  weights: known({ validators: 6, givingOutside: 6 }),
  emissionEnabled: known(true),
  nextToBePruned: known(false),
};

/** Subnet 72 as it was halted: every validator gives everything to the owner. */
const HALTED: PayingSignals = {
  minerBurned: known(1),
  outsideIncentive: known({ share: 0, miners: 0 }),
  outsiders: known(249),
  lastPaid: known({
    kind: 'stopped',
    paid: { block: 8_000_000, at: Date.UTC(2026, 4, 6) },
    unpaid: { block: 8_000_360, at: undefined },
  }),
  weights: known({ validators: 6, givingOutside: 0 }),
  emissionEnabled: known(true),
  nextToBePruned: known(false),
};

const NO = unknown('this runtime does not tell');

describe('whether a subnet pays', () => {
  it('says yes when miners outside have incentive', () => {
    expect(judgePaying(PAYS)).toMatchObject({ verdict: 'pays', share: 1 });
  });

  it('says nobody when emission is switched off, although the last epoch still had incentive', () => {
    const paying = judgePaying({ ...PAYS, emissionEnabled: known(false) });
    expect(paying).toMatchObject({ verdict: 'nobody', share: 0 });
    expect(paying.reasons[0]).toMatchObject({ name: 'emissionEnabled', kind: 'bad' });
  });

  it('says nobody for a halted subnet, and since when', () => {
    const paying = judgePaying(HALTED);
    expect(paying).toMatchObject({ verdict: 'nobody', share: 0 });
    expect(paying.reasons[0]?.kind).toBe('bad');
    expect(paying.reasons.find(({ name }) => name === 'lastPaid')?.text).toContain('8000000 (2026-05-06)');
  });

  it.each<[string, Partial<PayingSignals>, string]>([
    ['burned alone decides', { outsideIncentive: NO, weights: NO, lastPaid: NO }, 'nobody'],
    ['incentive alone decides', { minerBurned: NO, weights: NO, lastPaid: NO }, 'nobody'],
    [
      'weights decide when the rest is silent',
      { minerBurned: NO, outsideIncentive: NO, lastPaid: NO },
      'nobody',
    ],
    ['nothing withheld of nothing is no pay', { minerBurned: known(0), weights: NO }, 'nobody'],
  ])('%s', (_name, signals, verdict) => {
    expect(judgePaying({ ...HALTED, ...signals }).verdict).toBe(verdict);
  });

  it('says unknown rather than guess', () => {
    const silent = { ...PAYS, outsideIncentive: NO, weights: NO, emissionEnabled: NO };
    expect(judgePaying({ ...silent, minerBurned: NO }).verdict).toBe('unknown');
    expect(judgePaying({ ...silent, minerBurned: known(0) }).verdict).toBe('unknown');
    expect(judgePaying({ ...silent, minerBurned: known(0.4) })).toMatchObject({
      verdict: 'pays',
      share: 0.6,
    });
  });

  it('names every signal that it could not read', () => {
    const reasons = judgePaying({
      minerBurned: NO,
      outsideIncentive: NO,
      outsiders: NO,
      lastPaid: NO,
      weights: NO,
      emissionEnabled: NO,
      nextToBePruned: NO,
    }).reasons;
    expect(reasons).toHaveLength(6);
    expect(reasons.every(({ kind, text }) => kind === 'unknown' && text.includes('does not tell'))).toBe(
      true,
    );
  });

  it('never calls a subnet paying whose outsiders got nothing', () => {
    const signal = <T>(value: fc.Arbitrary<T>) => fc.oneof(fc.constant(NO), value.map(known));
    const share = fc.constantFrom(0, 0.3, 1);
    fc.assert(
      fc.property(signal(share), signal(fc.boolean()), signal(fc.nat(6)), (burned, enabled, giving) => {
        const paying = judgePaying({
          ...HALTED,
          minerBurned: burned,
          emissionEnabled: enabled,
          weights: giving.known ? known({ validators: 6, givingOutside: giving.value }) : giving,
        });
        expect(paying.verdict).toBe('nobody');
      }),
    );
  });
});
