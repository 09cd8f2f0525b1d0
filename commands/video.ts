import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { ourSurroundings } from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import { answerClipFiles, type ClipAnswer, listenForSignals, planProfile } from '../src/miner/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { Sv72Command, settingFlag } from '../src/ui/index.ts';

export default class Video extends Sv72Command {
  static override summary = 'Ask the models of a profile about clips.';
  static override description =
    'ffmpeg takes frames out of each clip (its key frames, evenly over its time), the profile’s models look at them (with a cascade, a further one only at the doubtful ones), and the third with the highest probabilities decides. ' +
    'Today’s validators send no clips; `serve --profile video` answers them on the door of btauth/1.';
  static override examples = [
    '<%= config.bin %> video drive.mp4 --profile video --bundle ./my-model',
    '<%= config.bin %> video clips/*.mp4 --profile accuracy --json',
  ];
  static override strict = false;
  static override args = {
    files: Args.string({ description: 'clips: MP4, MOV, WebM, AVI, …', required: true }),
  };
  static override flags = {
    profile: settingFlag('profile'),
    bundle: settingFlag('profiles.*.bundle'),
    variant: settingFlag('profiles.*.variant'),
    device: settingFlag('profiles.*.device'),
    frames: settingFlag('profiles.*.clip_frames'),
  };

  async run(): Promise<ResultOf<'video'>> {
    const { argv } = await this.parse(Video);
    const { settings } = await this.settings();
    const plan = planProfile({ settings, surroundings: ourSurroundings(), packageRoot: this.config.root });
    for (const line of plan.unused) this.note(`Warning: ${line}`);
    const interrupt = new AbortController();
    const stopListening = listenForSignals({
      onStop: () => interrupt.abort(new Sv72Error('ERR_INTERRUPTED', 'Interrupted.')),
    });
    const clips: ClipAnswer[] = [];
    try {
      const answers = answerClipFiles({
        plan,
        files: argv.map((file) => resolve(String(file))),
        note: (_, message) => this.note(message),
        signal: interrupt.signal,
      });
      for await (const answer of answers) {
        clips.push(answer);
        this.say(line(answer));
      }
    } finally {
      stopListening();
    }
    return {
      profile: settings.profile,
      clips: clips.map(({ frames, ...clip }) => ({ ...clip, frames: [...frames] })),
    };
  }
}

function line({ file, probability, frames, readMs, answerMs }: ClipAnswer): string {
  const each = frames.map((p) => p?.toFixed(2) ?? '–').join(' ');
  return `${probability.toFixed(4)}  ${file}  frames ${each}  (${readMs.toFixed(0)} ms to read, ${answerMs.toFixed(0)} ms to answer)`;
}
