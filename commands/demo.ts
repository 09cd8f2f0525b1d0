import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { Sv72Error } from '../src/errors/index.ts';
import {
  type DemoStep,
  listenForSignals,
  renderAnswer,
  renderDemoSummary,
  runDemo,
} from '../src/miner/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { Sv72Command, withEnv } from '../src/ui/index.ts';

const MOST_SEEDS = 2 ** 31;

export default class Demo extends Sv72Command {
  static override summary =
    'See a miner answer signed challenges, with throwaway keys, on this machine alone.';
  static override description =
    'Makes two keys in a temporary folder, starts a real miner with the demonstration model, sends it challenges of all three generations of validators, shows the score they would give, and cleans up. It needs no network and touches none of your files.';
  static override examples = ['<%= config.bin %> demo', '<%= config.bin %> demo --count 20 --seed 7'];
  static override flags = withEnv({
    count: Flags.integer({ summary: 'images of each generation', default: 8, min: 1, max: 1_000 }),
    seed: Flags.integer({ summary: 'draw the same scenes again', min: 0, max: MOST_SEEDS }),
  });

  async run(): Promise<ResultOf<'demo'>> {
    const { flags } = await this.parse(Demo);
    const started = performance.now();
    const abort = new AbortController();
    const stop = () =>
      abort.abort(
        new Sv72Error('ERR_INTERRUPTED', 'Interrupted; the demonstration cleaned up after itself.'),
      );
    // A terminal that is closed (SIGHUP) ends it, too.
    const stopListening = listenForSignals({ onStop: stop, onReload: stop });
    try {
      const result = await runDemo({
        program: process.argv[1] ?? join(this.config.root, 'bin', 'run.js'),
        count: flags.count,
        seed: flags.seed ?? randomInt(MOST_SEEDS),
        signal: abort.signal,
        onStep: (step) => this.show(step),
      });
      this.say();
      for (const line of renderDemoSummary(result)) this.say(line);
      return { ...result, seconds: (performance.now() - started) / 1_000 };
    } finally {
      stopListening();
    }
  }

  private show(step: DemoStep): void {
    if (this.quiet) return;
    switch (step.kind) {
      case 'keys':
        this.say(`Throwaway keys in ${step.folder}`);
        this.say(`  miner      ${step.miner}`);
        this.say(`  validator  ${step.validator}`);
        break;
      case 'listening': {
        const { axons, bundle, engine } = step.listening;
        this.say(
          `Miner listening on 127.0.0.1:${axons[0]?.port}, model ${bundle.name} ${bundle.version} (demonstration), ${engine.name}`,
        );
        break;
      }
      case 'asking':
        this.say(`\nChallenges of generation ${step.generation}`);
        break;
      case 'answer':
        this.say(renderAnswer(step.answer));
        break;
      case 'cleaned':
        this.say(`\nMiner stopped, ${step.folder} removed`);
    }
  }
}
