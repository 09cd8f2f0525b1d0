import { KNOWN_SOURCES } from '../../src/data/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class DataList extends Sv72Command {
  static override summary =
    'List sets of pictures that are worth knowing, with licence, size and how to get them.';
  static override description =
    'Sizes and terms are those of November 2026. What has no licence, or one that does not fit a model which earns something, says so.';
  static override examples = ['<%= config.bin %> data list', '<%= config.bin %> data list --json'];

  async run(): Promise<ResultOf<'data list'>> {
    await this.parse(DataList);
    for (const { id, title, licence, size, about, url, how } of KNOWN_SOURCES) {
      this.say(`${id.padEnd(17)} ${title}`);
      this.say(`  licence  ${licence ?? 'none that is known: refused unless you accept that'}`);
      this.say(`  size     ${size}`);
      this.say(`  about    ${about}`);
      this.say(`  get it   ${how}`);
      if (url !== null) this.say(`  page     ${url}`);
      this.say();
    }
    return { sources: KNOWN_SOURCES.map((source) => ({ ...source })) };
  }
}
