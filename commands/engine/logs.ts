import { Args, Flags } from '@oclif/core';
import type { ResultOf } from '../../src/results/index.ts';
import { chooseEngine, followLines, lastLines } from '../../src/serving/index.ts';
import { containerFlag, profileFlags, ServingCommand } from '../../src/serving-ui/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class EngineLogs extends ServingCommand {
  static override summary = 'Show what the inference servers of a profile said.';
  static override examples = [
    '<%= config.bin %> engine logs',
    '<%= config.bin %> engine logs accuracy-vlm --follow',
    '<%= config.bin %> engine logs --lines 500',
  ];
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
    const several = chosen.length > 1;
    if (flags.follow) {
      await this.untilInterrupted((signal) =>
        Promise.all(
          chosen.map(({ id, name }) =>
            followLines(
              engine,
              name,
              flags.lines,
              (line) => this.say(several ? `${id}: ${line}` : line),
              signal,
            ),
          ),
        ),
      );
      return { servers: chosen.map(({ id, name }) => ({ id, container: name, lines: [] })) };
    }
    const found = await Promise.all(
      chosen.map(async ({ id, name }) => ({
        id,
        container: name,
        lines: await lastLines(engine, name, flags.lines),
      })),
    );
    for (const { id, lines } of found) {
      for (const line of lines) this.say(several ? `${id}: ${line}` : line);
    }
    return { servers: found };
  }
}
