import { randomUUID } from 'node:crypto';
import { Args } from '@oclif/core';
import { ourSurroundings } from '../../../src/config/index.ts';
import { Sv72Error } from '../../../src/errors/index.ts';
import { openChannel, testChannels } from '../../../src/refresh/index.ts';
import { RefreshCommand } from '../../../src/refresh-ui/index.ts';
import type { ResultOf } from '../../../src/results/index.ts';

const CHANNELS = ['desktop', 'email', 'discord', 'telegram', 'slack', 'ntfy', 'webhook'] as const;

export default class RefreshNotifyTest extends RefreshCommand {
  static override summary = 'Send a test message to a channel, or to all of refresh.channels.';
  static override description =
    'How to set up each channel is in docs/refresh.md. Secrets come from a file or a variable, and are never printed. Exit code 3 when a channel did not take the message.';
  static override examples = [
    '<%= config.bin %> refresh notify test',
    '<%= config.bin %> refresh notify test telegram',
  ];
  static override args = {
    channel: Args.option({ description: 'the channel', options: CHANNELS })(),
  };

  async run(): Promise<ResultOf<'refresh notify test'>> {
    const { args } = await this.parse(RefreshNotifyTest);
    const { settings } = await this.settings();
    const names = args.channel === undefined ? settings.refresh.channels : [args.channel];
    if (names.length === 0) {
      throw new Sv72Error('ERR_REFRESH_CHANNEL', 'No channel is set up.', {
        next: 'Name those to use: `sv72 config set refresh.channels ntfy,email`.',
      });
    }
    const channels = names.map((name) => openChannel(name, settings.refresh, { at: ourSurroundings() }));
    const { sent, failed } = await this.progress('Sending', () => testChannels(channels, randomUUID()));
    for (const name of sent) this.say(`${name.padEnd(9)} sent`);
    for (const { channel, problem } of failed) this.say(`${channel.padEnd(9)} FAILED: ${problem}`);
    if (failed.length > 0) process.exitCode = 3;
    return { sent, failed };
  }
}
