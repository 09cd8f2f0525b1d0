import { Flags } from '@oclif/core';
import { ourSurroundings, storeFile } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { createHubClient, findToken, parseRepo, publishedReleases } from '../../src/hub/index.ts';
import { ageLines, agesOf, scheduleOf } from '../../src/refresh/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { readUploads } from '../../src/store/index.ts';
import { Sv72Command, settingFlag, withEnv } from '../../src/ui/index.ts';

export default class ModelsList extends Sv72Command {
  static override summary =
    'List what was published, with its age and what the schedule leaves of its reward.';
  static override description =
    'The list is our own record; --remote reads the repository’s history instead. No code of the subnet applies the schedule: it is in the settings, with the date it was last checked.';
  static override examples = [
    '<%= config.bin %> models list',
    '<%= config.bin %> models list --remote --repo alice/roadwork',
  ];
  static override flags = {
    repo: settingFlag('hub.repo'),
    'hub-url': settingFlag('hub.url'),
    store: settingFlag('store.path'),
    ...withEnv({
      remote: Flags.boolean({ summary: 'read the repository’s history from the Hub' }),
      limit: Flags.integer({ summary: 'at most so many', default: 20, min: 1, max: 1000 }),
    }),
  };

  async run(): Promise<ResultOf<'models list'>> {
    const { flags } = await this.parse(ModelsList);
    const { settings } = await this.settings();
    const at = ourSurroundings();
    const store = storeFile(settings, at);
    const repo = settings.hub.repo === null ? undefined : parseRepo(settings.hub.repo);
    if (flags.remote && repo === undefined) {
      throw new Sv72Error('ERR_HUB_REPO', 'No repository is named whose history could be read.');
    }
    const releases =
      flags.remote && repo
        ? await this.progress('Reading the repository', async () => {
            const token = await findToken({ at });
            const client = createHubClient({ url: settings.hub.url, token });
            return await publishedReleases(client, repo, flags.limit);
          })
        : readUploads(store, repo ? { repo: repo.id } : {}).slice(0, flags.limit);
    const models = agesOf(releases, Math.floor(Date.now() / 1000), scheduleOf(settings.refresh));
    for (const line of ageLines(models, settings.refresh.checked)) this.say(line);
    return {
      models: models.map(({ release, cycle, current }) => ({
        hub: release.hub,
        repo: release.repo,
        revision: release.revision,
        model: release.model,
        version: release.version,
        hotkey: release.hotkey,
        submitted_at: new Date(release.submittedAt * 1000).toISOString(),
        current,
        rollback_of: release.rollbackOf,
        from: flags.remote ? ('hub' as const) : ('record' as const),
        age_days: Math.round(cycle.age * 100) / 100,
        phase: cycle.phase,
        reward_factor: Math.round(cycle.factor * 10_000) / 10_000,
        next: cycle.next && {
          milestone: cycle.next.milestone,
          at: new Date(cycle.next.at * 1000).toISOString(),
        },
      })),
      schedule_checked: settings.refresh.checked,
    };
  }
}
