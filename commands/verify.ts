import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { ourSurroundings } from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import {
  createHubClient,
  findToken,
  folderSource,
  hubSource,
  parseRepo,
  progressText,
  remoteRepo,
  verdictLines,
  verifyRelease,
} from '../src/hub/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { Sv72Command, settingFlag, withEnv } from '../src/ui/index.ts';
import { isSs58, readSecret } from '../src/wallet/index.ts';

export default class Verify extends Sv72Command {
  static override summary =
    'Check a published model as anybody can: every file’s hash, the hotkey’s signature, the card.';
  static override description =
    'Needs no token and no wallet. A folder with a downloaded release can be checked too. The exit code is 1 when something is wrong.';
  static override examples = [
    '<%= config.bin %> verify alice/roadwork',
    '<%= config.bin %> verify alice/roadwork --signed-by 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    '<%= config.bin %> verify ./downloaded-model',
  ];
  static override args = {
    target: Args.string({ description: 'repository (owner/name) or folder', required: true }),
  };
  static override flags = {
    'hub-url': settingFlag('hub.url'),
    ...withEnv({
      revision: Flags.string({ summary: 'commit, branch or tag', default: 'main' }),
      'signed-by': Flags.string({ summary: 'address of the hotkey that must have signed' }),
      'token-fd': Flags.integer({
        summary: 'read a token from this file descriptor, for a private repository',
        min: 0,
      }),
    }),
  };

  async run(): Promise<ResultOf<'verify'>> {
    const { args, flags } = await this.parse(Verify);
    const { target } = args;
    const signer = flags['signed-by'];
    if (signer !== undefined && !isSs58(signer)) {
      throw new Sv72Error('ERR_USAGE', '--signed-by is no SS58 address of a hotkey.', {
        next: 'Give the address, as `sv72 wallet list` shows it, not the hotkey’s name.',
      });
    }
    const found = isFolder(target) ? this.folder(target) : await this.repository(target, flags);
    const verdict = await this.progress('Reading', async (status) =>
      verifyRelease({
        source: found.source,
        repo: found.repo,
        hotkey: signer,
        now: Math.floor(Date.now() / 1000),
        onProgress: (progress) => status(progressText({ state: 'reading', ...progress })),
      }),
    );
    for (const line of verdictLines(verdict)) this.say(line);
    if (!verdict.ok) process.exitCode = 1;
    const { ok, manifest, hotkey, card, findings, files, unlisted } = verdict;
    return {
      target,
      revision: found.revision,
      ok,
      name: manifest?.name ?? null,
      version: manifest?.version ?? null,
      hotkey,
      submission_time: card.submission_time ?? null,
      findings: [...findings],
      files: [...files],
      unlisted: [...unlisted],
    };
  }

  private folder(target: string) {
    return { source: folderSource(resolve(target)), repo: undefined, revision: null };
  }

  private async repository(
    target: string,
    flags: { readonly revision: string; readonly 'token-fd'?: number | undefined },
  ) {
    const { settings } = await this.settings();
    const repo = parseRepo(target);
    const fd = flags['token-fd'];
    const given =
      fd === undefined ? undefined : { text: await readSecret(fd), from: `file descriptor ${fd}` };
    const token = given && (await findToken({ given, at: ourSurroundings() }));
    const client = createHubClient({
      url: settings.hub.url,
      token,
      onWait: (sentence) => this.note(sentence),
    });
    const remote = await remoteRepo(client, repo, flags.revision);
    if (remote === undefined)
      throw new Sv72Error('ERR_HUB_NOT_FOUND', `There is no repository ${repo.id} that everybody can see.`);
    return { source: hubSource(client, repo, remote.head), repo: repo.id, revision: remote.head };
  }
}

/** A path that looks like one, or a folder that is there; what could be both is a repository unless it is a release. */
function isFolder(target: string): boolean {
  return /^[./~]/.test(target) || existsSync(resolve(target, 'sv72.json'));
}
