import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { loadBundle } from '../src/bundle/index.ts';
import {
  dataFolder,
  expandHome,
  type Loaded,
  minersInView,
  ourSurroundings,
  profileBundle,
  type Settings,
  settingsOfMiner,
  storeFile,
} from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import {
  createHubClient,
  draftRelease,
  findToken,
  type HubClient,
  keepRecord,
  makeRelease,
  openHashMemory,
  parseRepo,
  planLines,
  planRollback,
  planUpload,
  progressText,
  type ReleaseDraft,
  type Repo,
  type RollbackPlan,
  rollback,
  rollbackLines,
  type Uploaded,
  type UploadPlan,
  upload,
  uploadedLines,
} from '../src/hub/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { settingFlag, walletFlags, withEnv, yesFlag } from '../src/ui/index.ts';
import { loadPublicKey, readSecret } from '../src/wallet/index.ts';
import { unlockFlags, WalletCommand } from '../src/wallet-ui/index.ts';

type Result = ResultOf<'upload'>;

/** What all steps of one run share. */
interface Run {
  readonly repo: Repo;
  readonly client: HubClient;
  readonly outsider: HubClient;
  readonly places: { readonly store: string; readonly data: string };
  readonly now: () => number;
}

export default class Upload extends WalletCommand {
  static override summary =
    'Publish a model bundle on the Hugging Face Hub, signed by the hotkey, and prove that it is there.';
  static override description =
    'The repository gets the model with its page, model_card.json, hashes and a signature in one commit, and is then read back without the token. ' +
    'Only files that sv72.json lists are published; engines, data and whatever looks like a secret never are. ' +
    'After an interruption the same command goes on: what was sent is not sent again.';
  static override examples = [
    '<%= config.bin %> upload ./my-model --repo alice/roadwork -w main -H miner1',
    '<%= config.bin %> upload ./my-model --dry-run',
    '<%= config.bin %> upload ./my-model --token-fd 3 --yes 3<token.txt',
    '<%= config.bin %> upload --rollback 1a2b3c4',
  ];
  static override args = {
    bundle: Args.string({ description: 'folder of the bundle (default: that of the hotkey’s profile)' }),
  };
  static override flags = {
    ...walletFlags,
    repo: settingFlag('hub.repo'),
    'hub-url': settingFlag('hub.url'),
    store: settingFlag('store.path'),
    ...withEnv({
      'token-fd': Flags.integer({
        summary: 'read the token from this file descriptor (else HF_TOKEN, then the Hub’s own token file)',
        min: 0,
      }),
      'dry-run': Flags.boolean({ summary: 'show what would be published, and change nothing' }),
      public: Flags.boolean({ summary: 'the repository is to be public', exclusive: ['private'] }),
      private: Flags.boolean({ summary: 'the repository is to be private, where nobody can check it' }),
      'release-version': Flags.string({
        summary: 'publish under this version, X.Y.Z, instead of the bundle’s',
      }),
      'with-variant': Flags.string({
        summary: 'variant to publish beside the model, repeated (default: all that passed their gate)',
        multiple: true,
      }),
      checkpoint: Flags.boolean({
        summary: 'publish the checkpoint in the bundle, for transformers’ pipeline',
        allowNo: true,
        default: true,
      }),
      notes: Flags.file({ summary: 'Markdown file whose text is added to the model’s page', exists: true }),
      again: Flags.boolean({ summary: 'publish once more what is published already, with today’s date' }),
      rollback: Flags.string({
        summary: 'put this earlier revision back as a new commit',
        exclusive: ['with-variant', 'release-version', 'notes', 'again', 'public', 'private'],
      }),
      'allow-demo-model': Flags.boolean({ summary: 'publish even the demonstration model' }),
    }),
    ...unlockFlags,
    ...yesFlag,
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Upload);
    const loaded = await this.settings();
    return await this.untilInterrupted(async (signal) => {
      const run = await this.prepare(loaded.settings, flags, signal);
      return flags.rollback === undefined
        ? await this.publish(run, loaded, args.bundle, flags)
        : await this.putBack(run, flags.rollback, flags['dry-run'] === true);
    });
  }

  private async prepare(
    settings: Settings,
    flags: { readonly 'token-fd'?: number | undefined },
    signal: AbortSignal,
  ): Promise<Run> {
    const at = ourSurroundings();
    const data = dataFolder(at);
    const repo = parseRepo(
      settings.hub.repo ?? (await this.ask.text({ flag: '--repo', message: 'Repository (owner/name):' })),
    );
    const fd = flags['token-fd'];
    const given =
      fd === undefined ? undefined : { text: await readSecret(fd), from: `file descriptor ${fd}` };
    const token = await findToken({ given, at });
    const common = { url: settings.hub.url, signal, onWait: (sentence: string) => this.note(sentence) };
    return {
      repo,
      client: createHubClient({ ...common, token }),
      outsider: createHubClient(common),
      places: { data, store: storeFile(settings, at) },
      now: Date.now,
    };
  }

  private async publish(
    run: Run,
    loaded: Loaded,
    path: string | undefined,
    flags: {
      readonly 'dry-run'?: boolean | undefined;
      readonly public?: boolean | undefined;
      readonly private?: boolean | undefined;
      readonly again?: boolean | undefined;
      readonly 'allow-demo-model'?: boolean | undefined;
      readonly 'release-version'?: string | undefined;
      readonly 'with-variant'?: readonly string[] | undefined;
      readonly checkpoint: boolean;
      readonly notes?: string | undefined;
      readonly 'password-fd'?: number | undefined;
      readonly 'password-file'?: string | undefined;
    },
  ): Promise<Result> {
    const location = await this.location('hotkey');
    const draft = await this.draft(run, path ?? configuredBundle(loaded, location.hotkey), flags);
    const visibility = flags.public ? 'public' : flags.private ? 'private' : undefined;
    const { repo, client, outsider, now, places } = run;
    const { again = false } = flags;
    const planned = <R extends ReleaseDraft>(release: R) =>
      this.progress('Looking at the repository', async () =>
        planUpload(client, { repo, release, visibility, again, lookOnly: flags['dry-run'] === true }),
      );
    if (flags['dry-run']) {
      const plan = await planned(await draftRelease({ ...draft, author: loadPublicKey(location) }));
      for (const line of planLines(plan)) this.say(line);
      return { ...planResult(run, plan), dry_run: true, ...nothingDone(plan) };
    }
    const plan = await planned(await makeRelease({ ...draft, signer: await this.unlock(location, flags) }));
    for (const line of planLines(plan)) this.say(line);
    await this.agree(plan);
    const done = await this.progress('Publishing', async (status) =>
      upload(client, plan, { outsider, now, onProgress: (progress) => status(progressText(progress)) }),
    );
    const record = await keepRecord(places, done.record);
    for (const line of uploadedLines(done)) this.say(line);
    return { ...planResult(run, plan), dry_run: false, ...doneResult(done, record) };
  }

  /** All of a release but who signs it. */
  private async draft(
    { repo, now, places }: Run,
    path: string,
    flags: Parameters<Upload['publish']>[3],
  ): Promise<Omit<Parameters<typeof makeRelease>[0], 'signer'>> {
    const dir = path === 'demo' ? join(this.config.root, 'models', 'demo') : resolve(path);
    const memory = await openHashMemory(places.data);
    const bundle = await this.progress('Checking the bundle', async () => loadBundle(dir, memory));
    await memory.save();
    if (bundle.manifest.demo && !flags['allow-demo-model']) {
      throw new Sv72Error('ERR_DEMO_MODEL', 'This is a demonstration model, which is not published.', {
        next: 'Name your own model, or insist with --allow-demo-model.',
      });
    }
    return {
      bundle,
      repo: repo.id,
      at: Math.floor(now() / 1000),
      version: flags['release-version'],
      variants: flags['with-variant'],
      checkpoint: flags.checkpoint,
      notes: flags.notes === undefined ? undefined : await readFile(flags.notes, 'utf8'),
      tool: this.config.version,
      template: await readFile(join(this.config.root, 'templates', 'model-card', 'README.md'), 'utf8'),
    };
  }

  /** One question for all that cannot be undone: what is public may be copied by anybody. */
  private async agree({ repo, release, remote, visibility, state }: UploadPlan): Promise<void> {
    const opens = remote?.visibility === 'private' && visibility === 'public';
    if (state === 'published' && !opens) return;
    const message = opens
      ? `${repo.id} is private. Publish ${release.card.version} and make the repository, with its whole history, public?`
      : `Publish ${release.card.version} to ${repo.id} (${visibility})?`;
    if (await this.ask.confirm({ flag: '--yes', message })) return;
    throw new Sv72Error('ERR_ABORTED', 'Nothing was published.');
  }

  private async putBack(run: Run, revision: string, dryRun: boolean): Promise<Result> {
    const { repo, client, outsider, now, places } = run;
    const plan = await this.progress('Looking at the revision', async (status) =>
      planRollback(client, repo, revision, { now, onProgress: (progress) => status(progressText(progress)) }),
    );
    for (const line of rollbackLines(plan)) this.say(line);
    const result = rollbackResult(run, plan);
    if (dryRun)
      return { ...result, dry_run: true, committed: false, revision: null, read_back: null, record: null };
    const message = `Put ${plan.verdict.card.version} (${plan.revision.slice(0, 12)}) back in ${repo.id}?`;
    if (!(await this.ask.confirm({ flag: '--yes', message })))
      throw new Sv72Error('ERR_ABORTED', 'Nothing was put back.');
    const done = await this.progress('Putting it back', async (status) =>
      rollback(client, plan, { outsider, now, onProgress: (progress) => status(progressText(progress)) }),
    );
    const record = await keepRecord(places, done.record);
    for (const line of uploadedLines(done)) this.say(line);
    return { ...result, dry_run: false, ...doneResult(done, record) };
  }
}

/**
 * The bundle of the profile that this hotkey is served with, or its own.
 * @throws ERR_USAGE where it answers with a server's own model
 */
function configuredBundle(loaded: Loaded, hotkey: string): string {
  const miner = minersInView(loaded).miners.find((one) => one.hotkey === hotkey);
  const settings = miner === undefined ? loaded.settings : settingsOfMiner(loaded.settings, miner);
  const found = profileBundle(settings.profiles[settings.profile])?.bundle;
  if (found !== undefined) return found === 'demo' ? found : expandHome(found, ourSurroundings().home);
  throw new Sv72Error(
    'ERR_USAGE',
    `The profile ${settings.profile} asks a server's own model, so it has no bundle to publish.`,
    { next: 'Name the folder of a bundle.' },
  );
}

function planResult({ client }: Run, plan: UploadPlan<ReleaseDraft>) {
  const { release, repo, state, user, publishedVersion, visibility, changes } = plan;
  const { card, noCheckpoint, left } = release;
  return {
    hub: client.url,
    repo: repo.id,
    state,
    user,
    model: card.model_name,
    version: card.version,
    published_version: publishedVersion,
    hotkey: card.submitted_by,
    submission_time: card.submission_time,
    visibility,
    changes: [...changes],
    not_published: [...left],
    pipeline: noCheckpoint === undefined,
    note: noCheckpoint ?? null,
  };
}

function nothingDone({ remote, state }: UploadPlan<ReleaseDraft>) {
  const revision = state === 'published' ? (remote?.head ?? null) : null;
  return { committed: false, revision, rollback_of: null, read_back: null, record: null };
}

function doneResult({ record, committed, verdict }: Uploaded, file: string) {
  const bytes = verdict.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const as = record.visibility === 'public' ? ('anybody' as const) : ('owner' as const);
  return {
    committed,
    revision: record.revision,
    rollback_of: record.rollbackOf,
    submission_time: record.submittedAt,
    read_back: { as, files: verdict.files.length, bytes },
    record: file,
  };
}

function rollbackResult({ client }: Run, plan: RollbackPlan) {
  const { repo, remote, revision, verdict, changes, user } = plan;
  const { card } = verdict;
  return {
    hub: client.url,
    repo: repo.id,
    state: 'rollback' as const,
    user,
    model: card.model_name ?? '',
    version: card.version ?? '',
    published_version: null,
    hotkey: verdict.hotkey ?? '',
    submission_time: card.submission_time ?? 0,
    visibility: remote.visibility,
    changes: [...changes],
    not_published: [],
    pipeline: verdict.manifest?.files.some(({ path }) => path === 'model.safetensors') ?? false,
    note: null,
    rollback_of: revision,
  };
}
