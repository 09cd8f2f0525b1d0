import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import type { ResultOf } from '../../src/results/index.ts';
import { ourPerson, RENDER_KINDS, renderingEngine, writeRendered } from '../../src/serving/index.ts';
import { containerFlag, profileFlags, ServingCommand } from '../../src/serving-ui/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class EngineRender extends ServingCommand {
  static override summary =
    'Write files that run the inference servers of a profile by compose, systemd, PM2 or Kubernetes.';
  static override description =
    'What is written runs the same servers as `engine up`: the same images, arguments and shares of the GPU, and Triton’s model repository from the bundle. Tokens are named, never written.';
  static override examples = [
    '<%= config.bin %> engine render --for compose --output ./engines',
    '<%= config.bin %> engine render --for systemd --container-engine podman --output ./engines --profile accuracy',
    '<%= config.bin %> engine render --for kubernetes --output ./k8s',
  ];
  static override flags = {
    ...profileFlags,
    ...containerFlag,
    ...withEnv({
      for: Flags.option({ summary: 'what is to run them', options: RENDER_KINDS, required: true })(),
      output: Flags.string({ summary: 'folder to write to', required: true }),
    }),
  };

  async run(): Promise<ResultOf<'engine render'>> {
    const { flags } = await this.parse(EngineRender);
    const { profile, servers } = await this.prepared();
    const { env } = this.places.surroundings;
    const rendered = await writeRendered(flags.for, servers, {
      profile,
      folder: resolve(flags.output),
      engine: await renderingEngine(flags['container-engine'], env),
      person: ourPerson(),
    });
    this.say(`Written to ${rendered.folder}:`);
    for (const file of rendered.files) this.say(`  ${file}`);
    this.say('Then:');
    for (const line of rendered.next) this.say(`  ${line}`);
    return { profile, for: flags.for, ...rendered, files: [...rendered.files], next: [...rendered.next] };
  }
}
