import { Sv72Error } from '../../src/errors/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { chooseEngine, serverStatus, statusLines } from '../../src/serving/index.ts';
import { containerFlag, profileFlags, ServingCommand } from '../../src/serving-ui/index.ts';

export default class EngineStatus extends ServingCommand {
  static override summary = 'Show whether the inference servers of a profile answer, and their containers.';
  static override description = 'The exit code is 1 where a server is not ready.';
  static override examples = [
    '<%= config.bin %> engine status',
    '<%= config.bin %> engine status --profile accuracy --json',
  ];
  static override flags = { ...profileFlags, ...containerFlag };

  async run(): Promise<ResultOf<'engine status'>> {
    const { flags } = await this.parse(EngineStatus);
    const { profile, servers } = await this.prepared();
    const engine = await chooseEngine(flags['container-engine'], this.places.surroundings.env).catch(
      unlessNone,
    );
    const found = await serverStatus(servers, engine);
    for (const line of statusLines(found)) this.say(line);
    if (found.some(({ answers }) => answers !== 'ready')) process.exitCode = 1;
    return { profile, servers: found };
  }
}

/** Servers can be asked without any container engine. */
function unlessNone(error: unknown): undefined {
  if (error instanceof Sv72Error && error.code === 'ERR_SERVING_RUNTIME') return undefined;
  throw error;
}
