import type { ResultOf } from '../../src/results/index.ts';
import { chooseEngine, downLines, downServers } from '../../src/serving/index.ts';
import { containerFlag, profileFlags, ServingCommand } from '../../src/serving-ui/index.ts';

export default class EngineDown extends ServingCommand {
  static override summary = 'Stop the inference servers of a profile that sv72 started.';
  static override description =
    'Their containers are removed; images, downloads and model repositories stay. Servers that somebody else started are left alone.';
  static override examples = [
    '<%= config.bin %> engine down',
    '<%= config.bin %> engine down --profile accuracy',
  ];
  static override flags = { ...profileFlags, ...containerFlag };

  async run(): Promise<ResultOf<'engine down'>> {
    const { flags } = await this.parse(EngineDown);
    const { profile, servers } = await this.prepared();
    const engine = await chooseEngine(flags['container-engine'], this.places.surroundings.env);
    const ended = await this.progress('Stopping servers', () => downServers(servers, engine));
    for (const line of downLines(ended)) this.say(line);
    return { profile, servers: ended };
  }
}
