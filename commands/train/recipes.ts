import { JobCommand } from '../../src/jobs-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { shippedRecipes } from '../../src/training/index.ts';

export default class TrainRecipes extends JobCommand {
  static override summary = 'List the recipes that come with sv72.';
  static override description =
    'A recipe is a small JSON file; copy one and give its path to `sv72 train --recipe` to change more than the flags can.';
  static override examples = ['<%= config.bin %> train recipes', '<%= config.bin %> train recipes --json'];

  async run(): Promise<ResultOf<'train recipes'>> {
    await this.parse(TrainRecipes);
    const recipes = (await shippedRecipes(this.jobOptions().trainerDir)).map(
      ({ name, description, kind, backbone, epochs }) => ({
        name,
        description,
        kind,
        backbone: backbone.id,
        epochs,
      }),
    );
    for (const { name, description, backbone, epochs } of recipes) {
      this.say(`${name.padEnd(10)}${description}`);
      this.say(`${''.padEnd(10)}${backbone}, ${epochs} epochs`);
    }
    return { recipes };
  }
}
