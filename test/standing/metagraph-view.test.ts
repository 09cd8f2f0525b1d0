import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alpha, rao } from '../../src/amount/index.ts';
import {
  cellText,
  filterRows,
  METAGRAPH_COLUMNS,
  metagraphColumns,
  type NeuronRow,
  sortRows,
} from '../../src/standing/index.ts';

const row = (uid: number, some: Partial<NeuronRow> = {}): NeuronRow => ({
  uid,
  hotkey: `5Hot${uid}`,
  coldkey: '5Cold',
  name: undefined,
  registeredAt: 0,
  incentive: 0,
  dividends: 0,
  consensus: 0,
  emission: alpha(0n),
  stake: rao(0n),
  alphaStake: alpha(0n),
  taoStake: rao(0n),
  validatorPermit: false,
  active: true,
  lastUpdate: 0,
  axon: undefined,
  role: 'miner',
  immuneFor: 0,
  place: undefined,
  ...some,
});

const uids = (rows: readonly NeuronRow[]) => rows.map(({ uid }) => uid);

describe('the metagraph’s rows', () => {
  it('are sorted by any column, what has no value last', () => {
    const rows = [row(0, { place: 2 }), row(1), row(2, { place: 1 }), row(3, { place: 2 })];
    expect(uids(sortRows(rows, 'place'))).toEqual([2, 0, 3, 1]);
    expect(uids(sortRows(rows, '-place'))).toEqual([0, 3, 2, 1]);
  });

  it('are sorted by exact amounts', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 1n << 63n)), (stakes) => {
        const rows = sortRows(
          stakes.map((stake, uid) => row(uid, { stake: rao(stake) })),
          'stake',
        );
        for (const [index, { stake }] of rows.entries()) {
          if (index > 0) expect(stake >= (rows[index - 1]?.stake ?? 0n)).toBe(true);
        }
      }),
    );
  });

  it.each([
    ['stake>=1000', [1]],
    ['stake<1000', [0, 2]],
    ['role=validator', [1]],
    ['role!=VALIDATOR', [0, 2]],
    ['permit=yes', [1]],
    ['name~val', [1]],
    ['name=-', [0, 2]],
    ['hotkey~hot2', [2]],
    ['uid > 0', [1, 2]],
    ['place=-', [0, 1]],
    ['place<=3', [2]],
  ])('%s', (condition, expected) => {
    const rows = [
      row(0, { stake: rao(999_999_999_999n) }),
      row(1, {
        stake: rao(1_000_000_000_000n),
        role: 'validator',
        validatorPermit: true,
        name: 'My Validator',
      }),
      row(2, { place: 3 }),
    ];
    expect(uids(filterRows(rows, [condition]))).toEqual(expected);
  });

  it.each(['uid', 'uid>x', 'stake=', 'nothing=1', 'place<abc'])(
    '%s is refused, whatever rows there are',
    (text) => {
      expect(() => filterRows([], [text])).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    },
  );

  it('must satisfy all conditions', () => {
    const rows = [row(0), row(1, { incentive: 0.5 }), row(2, { incentive: 0.1 })];
    expect(uids(filterRows(rows, ['incentive>0', 'uid<2']))).toEqual([1]);
  });

  it('show something in every column', () => {
    for (const name of metagraphColumns('all')) expect(cellText(name, row(0), 72)).not.toBe('');
    expect(metagraphColumns('all')).toEqual(Object.keys(METAGRAPH_COLUMNS));
    expect(() => metagraphColumns('uid,toString')).toThrow(/toString/);
  });
});
