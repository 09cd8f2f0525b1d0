import { Args, Flags } from '@oclif/core';
import type { ResultOf } from '../../src/results/index.ts';
import { chooseEngine, followLines, serverLog, servingFolders } from '../../src/serving/index.ts';
import { containerFlag, profileFlags, ServingCommand } from '../../src/serving-ui/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class EngineLogs extends ServingCommand {
  static override summary = 'Show what the inference servers of a profile said.';
  static override examples = [
    '<%= config.bin %> engine logs',
    '<%= config.bin %> engine logs accuracy-vlm --follow',
    '<%= config.bin %> engine logs --lines 500',
  ];
  static override description =
    'Where a server failed to start its container is gone; what it said then is kept and shown.';
  static override args = {
    server: Args.string({ description: 'one server of the profile, as `engine status` names it' }),
  };
  static override flags = {
    ...profileFlags,
    ...containerFlag,
    ...withEnv({
      lines: Flags.integer({ summary: 'how many of the last lines', default: 50, min: 1, max: 100_000 }),
      follow: Flags.boolean({ char: 'f', summary: 'go on until Ctrl-C', exclusive: ['json'] }),
    }),
  };

  async run(): Promise<ResultOf<'engine logs'>> {
    const { args, flags } = await this.parse(EngineLogs);
    const { servers } = await this.prepared();
    const engine = await chooseEngine(flags['container-engine'], this.places.surroundings.env);
    const chosen = this.chosen(servers, args.server).map(({ spec }) => spec);
    const prefix = (id: string) => (chosen.length > 1 ? `${id}: ` : '');
    const folders = servingFolders(this.places.surroundings);
    const found = await Promise.all(
      chosen.map(async ({ id, name }) => ({
        ...{ id, container: name },
        ...(await serverLog(engine, { id, name }, folders, flags.lines)),
      })),
    );
    const followed = flags.follow ? found.filter(({ from }) => from === 'container') : [];
    for (const server of found) {
      if (followed.includes(server)) continue;
      for (const line of server.lines) this.say(`${prefix(server.id)}${line}`);
      const { from, id } = server;
      if (from === 'kept') this.note(`${id} failed to start; this is what it said.`);
      if (from === 'none') this.note(`${id} has no container of sv72: \`sv72 engine up\` starts it.`);
    }
    if (followed.length > 0) {
      await this.untilInterrupted((signal) =>
        Promise.all(
          followed.map(({ id, container }) =>
            followLines(engine, container, flags.lines, (line) => this.say(`${prefix(id)}${line}`), signal),
          ),
        ),
      );
    }
    return { servers: found };
  }
}
