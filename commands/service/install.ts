import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { ourSurroundings } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import {
  chooseMiners,
  installService,
  serviceFor,
  serviceWarnings,
  systemctl,
} from '../../src/serving/index.ts';
import { profileFlags } from '../../src/serving-ui/index.ts';
import { Sv72Command, withEnv } from '../../src/ui/index.ts';

export default class ServiceInstall extends Sv72Command {
  static override summary = 'Have `sv72 serve` run as a service: by systemd, hardened, or by PM2.';
  static override description =
    'The systemd unit lets the miner write to its own folders only, hides the coldkey from it, takes away all privileges, and bounds memory and restarts; profiles with `launch: auto` get a second unit that starts the inference servers first. Where sv72.yaml lists `miners`, the service runs `serve --all`. ' +
    'The service reads the configuration file and, where it is there, ~/.config/sv72/serve.env (for example SV72_PASSWORD_FILE=…), not the variables of this shell. Nothing that is running is stopped but an older service of that name, with its inference servers where the new one launches none.';
  static override examples = [
    '<%= config.bin %> service install',
    'sudo <%= config.bin %> service install --system --run-as miner --config /home/miner/.config/sv72/sv72.yaml',
    '<%= config.bin %> service install --no-all --profile accuracy',
    '<%= config.bin %> service install --as pm2',
    '<%= config.bin %> service install --output ./units',
  ];
  static override flags = {
    ...profileFlags,
    ...withEnv({
      all: Flags.boolean({
        summary:
          'run all miners that sv72.yaml lists under `miners` (the default where it lists any and no profile is named); --no-all: those of `serve`',
        allowNo: true,
      }),
      as: Flags.option({ summary: 'what runs it', options: ['systemd', 'pm2'] as const })({
        default: 'systemd',
      }),
      system: Flags.boolean({ summary: 'as a service of the machine instead of this user (needs root)' }),
      'run-as': Flags.string({
        summary: 'user that a service of the machine runs as',
        dependsOn: ['system'],
      }),
      name: Flags.string({ summary: 'for a second service on this machine: sv72-serve-NAME' }),
      memory: Flags.integer({
        summary:
          'most memory, MiB (default: half of the machine’s, from 2048 to 16384; with several models 1024 more for each, to 16384 for each)',
        min: 256,
        max: 16_777_216,
      }),
      output: Flags.string({ summary: 'only write the files, to this folder' }),
    }),
  };

  async run(): Promise<ResultOf<'service install'>> {
    const { flags } = await this.parse(ServiceInstall);
    if (flags.name !== undefined && !/^[a-z0-9][a-z0-9-]{0,39}$/.test(flags.name)) {
      throw new Sv72Error('ERR_USAGE', '--name takes small letters, digits and dashes.');
    }
    if (flags.all && flags.profile !== undefined) {
      throw new Sv72Error(
        'ERR_USAGE',
        '--all runs each miner with its own profile, so --profile has no place beside it.',
      );
    }
    const loaded = await this.settings();
    const { settings } = loaded;
    const choice = chooseMiners(loaded, flags.all);
    const surroundings = ourSurroundings();
    const scope = flags.system ? 'system' : 'user';
    const spec = await serviceFor({
      ...{ settings, choice, surroundings, scope },
      packageRoot: this.config.root,
      node: process.execPath,
      user: flags['run-as'] ?? userInfo().username,
      name: flags.name ?? null,
      config: flags.config,
      memoryMib: flags.memory ?? null,
    });
    const installed = await installService({
      spec,
      manager: flags.as,
      output: flags.output === undefined ? null : resolve(flags.output),
      systemctl: systemctl(scope, surroundings.env),
      configHome: surroundings.env.XDG_CONFIG_HOME || join(surroundings.home, '.config'),
    });
    const warnings = serviceWarnings(spec, surroundings);
    for (const file of installed.files) this.say(`Written: ${file}`);
    for (const file of installed.removed)
      this.say(
        `Removed: ${file} (no profile of this service launches servers; those it started were stopped)`,
      );
    if (installed.enabled) this.say(`${spec.name} runs, now and after every start of the machine.`);
    this.say(`It runs \`sv72 ${spec.command.join(' ')}\`: ${spec.about}.`);
    if (choice.remark !== null) this.note(choice.remark);
    for (const line of installed.next) this.say(`Then: ${line}`);
    for (const warning of warnings) this.note(`Warning: ${warning}`);
    return {
      name: spec.name,
      manager: flags.as,
      scope,
      runs: spec.command.join(' '),
      miners: choice.miners.map(({ hotkey, profile }) => ({ hotkey, profile })),
      files: [...installed.files],
      removed: [...installed.removed],
      enabled: installed.enabled,
      next: [...installed.next],
      warnings: [...(choice.remark === null ? [] : [choice.remark]), ...warnings],
    };
  }
}
