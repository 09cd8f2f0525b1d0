import { Flags } from '@oclif/core';
import type { ResultOf } from '../../src/results/index.ts';
import { ourPerson, upLines, upServers } from '../../src/serving/index.ts';
import { containerFlag, profileFlags, ServingCommand } from '../../src/serving-ui/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class EngineUp extends ServingCommand {
  static override summary =
    'Start the inference servers of a profile in containers, and wait until they answer.';
  static override description =
    'Servers that answer already with the right model are left as they are, whoever started them. Before anything starts it is looked whether the models fit into the memory of the GPUs (see `sv72 plan`). ' +
    'Images have fixed versions, downloads and compiled kernels are kept and used again, ports are those of the loopback. Ctrl-C gives up what is being fetched or loaded.';
  static override examples = [
    '<%= config.bin %> engine up --profile accuracy',
    '<%= config.bin %> engine up --container-engine podman',
    '<%= config.bin %> engine up --recreate',
  ];
  static override flags = {
    ...profileFlags,
    ...containerFlag,
    ...withEnv({
      recreate: Flags.boolean({ summary: 'start servers anew that run with other settings' }),
      'ignore-memory': Flags.boolean({ summary: 'start them although they do not seem to fit on the GPU' }),
    }),
  };

  async run(): Promise<ResultOf<'engine up'>> {
    const { flags } = await this.parse(EngineUp);
    const { profile, models } = await this.wanted();
    const servers = await this.interruptible('Starting servers', (signal, onStage) =>
      upServers(models, {
        ...this.places,
        runtime: flags['container-engine'],
        person: ourPerson(),
        recreate: flags.recreate,
        ignoreMemory: flags['ignore-memory'],
        signal,
        onStage,
      }),
    );
    for (const line of upLines(servers)) this.say(line);
    return { profile, servers };
  }
}
