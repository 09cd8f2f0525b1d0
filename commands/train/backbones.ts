import type { ResultOf } from '../../src/results/index.ts';
import { BACKBONES } from '../../src/training/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class TrainBackbones extends Sv72Command {
  static override summary = 'List backbones with size and licence.';
  static override description =
    'Any other id of timm may be given to `sv72 train --backbone` too. A licence marked with * binds what is made from the weights: the model goes under the same terms, and its bundle carries their text.';
  static override examples = [
    '<%= config.bin %> train backbones',
    '<%= config.bin %> train backbones --json',
  ];

  async run(): Promise<ResultOf<'train backbones'>> {
    await this.parse(TrainBackbones);
    const wide = Math.max(...BACKBONES.map(({ id }) => id.length));
    for (const { id, millions, licence, binds, about } of BACKBONES) {
      const size = `${millions} M`.padStart(8);
      this.say(`${id.padEnd(wide)}  ${size}  ${`${licence}${binds ? '*' : ''}`.padEnd(17)}${about}`);
    }
    return { backbones: BACKBONES.map((backbone) => ({ ...backbone })) };
  }
}
