import type { Settings, Surroundings } from '../config/index.ts';
import { createHubClient, type HubOptions } from '../hub/index.ts';
import { openReminders, openRemindersIfThere, type ReminderBook, readUploads } from '../store/index.ts';
import { readCards } from './cards.ts';
import { certificateEnd } from './certificate.ts';
import { type Conditions, diskCondition, type Place, placeConditions } from './conditions.ts';
import type { Schedule } from './cycle.ts';
import { datedExpiry, type Expiry, expiryNotices } from './expiry.ts';
import {
  type ModelOutlook,
  modelNotices,
  modelOutlook,
  type Names,
  type Notice,
  type State,
  worstState,
} from './notice.ts';
import { scheduleOf } from './schedule.ts';
import { type Dated, type Submission, submissions } from './submission.ts';
import { NO_TOKEN, tokenState } from './token.ts';

export interface LookOptions {
  readonly settings: Pick<Settings, 'refresh' | 'hub'>;
  readonly at: Surroundings;
  /** The store's file. */
  readonly store: string;
  /** Folder whose disk is looked at. */
  readonly folder: string;
  /** SS58 addresses of the settings: --since is about them, and their registrations are looked at, too. */
  readonly hotkeys: readonly string[];
  /** What they are called, where that is to be said; their keys in the store stay as they are. */
  readonly names?: Names | undefined;
  /** Date given by hand, Unix seconds. */
  readonly since?: number | undefined;
  /** Leaves out what needs the network. */
  readonly offline: boolean;
  /** Nothing is remembered, and no store is made. */
  readonly dryRun: boolean;
  /** The places of hotkeys on the chain; a failure is a problem among others. */
  readonly places?: ((hotkeys: readonly string[]) => Promise<readonly Place[]>) | undefined;
  readonly hub?: Omit<HubOptions, 'url' | 'token'>;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Everything that asks for its owner, and what could not be found out. */
export interface Outlook {
  readonly state: State;
  readonly schedule: Schedule;
  readonly models: readonly ModelOutlook[];
  readonly notices: readonly Notice[];
  /** Keys of conditions that were looked at and do not hold. */
  readonly over: readonly string[];
  /** A sentence each. */
  readonly problems: readonly string[];
  /** Whether something could not be looked at, nor is known from before: what is due of it cannot be said. */
  readonly blind: boolean;
}

/** Two tries: it runs every hour, so the next run is the better patience. */
const PATIENCE = { tries: 2, askedMs: 5_000 };
const HUB_TIMEOUT_MS = 15_000;

/**
 * Looks at models, registrations, certificates, dates and the disk.
 *
 * @throws ERR_CONFIG_VALUE, ERR_STORE_*
 */
export async function look(options: LookOptions): Promise<Outlook> {
  const { settings, store, dryRun, now } = options;
  const schedule = scheduleOf(settings.refresh);
  const book = dryRun ? openRemindersIfThere(store) : openReminders(store);
  try {
    const found = await findSubmissions(options, book);
    const [places, ends, disk, token] = await Promise.all([
      placesOf(options, found.models, book),
      expiries(options),
      diskCondition(options.folder, settings.refresh.min_free_gib),
      tokenOf(options, found.models),
    ]);
    const seconds = Math.floor(now / 1000);
    const models = found.models.map((submission) =>
      modelOutlook(submission, seconds, schedule, (key) => book?.unsent([key], DONE).length === 0),
    );
    const notices = [
      ...models.flatMap((model) => modelNotices(model, schedule, options.names)),
      ...places.conditions.notices,
      ...token.conditions.notices,
      ...[...ends.found, ...token.ends].flatMap((expiry) => expiryNotices(expiry, seconds)),
      ...disk.notices,
    ];
    const others = notices.filter(({ kind }) => kind !== 'model').map(({ level }) => level);
    return {
      state: worstState([...models.map(({ state }) => state), ...others]),
      schedule,
      models,
      notices,
      over: [...places.conditions.over, ...token.conditions.over, ...disk.over],
      problems: [...found.problems, ...places.problems, ...ends.problems],
      blind: found.blind || places.problems.length > 0 || ends.problems.length > 0,
    };
  } finally {
    book?.close();
  }
}

/** The channel under which it is remembered that the owner has seen to something. */
export const DONE = 'done';

/** The models that count now, from cards, records and a date given by hand. */
async function findSubmissions(
  { settings, store, offline, dryRun, now, hub, since, hotkeys }: LookOptions,
  book: ReminderBook | undefined,
): Promise<{ models: Submission[]; problems: readonly string[]; blind: boolean }> {
  const records: Dated[] = readUploads(store).map(({ hotkey, repo, model, version, submittedAt }) => ({
    hotkey,
    repo,
    model,
    version,
    at: submittedAt,
  }));
  const { url } = settings.hub;
  const repos = [...(settings.hub.repo === null ? [] : [settings.hub.repo]), ...settings.refresh.repos];
  const { cards, problems, unknown } = await readCards(
    [...repos, ...records.flatMap(({ repo }) => repo ?? [])],
    {
      client: offline
        ? undefined
        : createHubClient({ patience: PATIENCE, timeoutMs: HUB_TIMEOUT_MS, ...hub, url }),
      hub: url,
      book,
      now,
      remember: !dryRun,
    },
  );
  const given = since === undefined ? undefined : { at: since, hotkeys };
  const models = submissions({ cards, records, since: given });
  const dated = new Set([...models, ...records].map(({ repo }) => repo));
  return { models, problems, blind: !offline && unknown.some((repo) => !dated.has(repo)) };
}

/** That a hotkey without a model had a place once; only then it can have lost it. */
const SEEN = 'seen';

async function placesOf(
  { places, hotkeys: ours, names, dryRun, now }: LookOptions,
  models: readonly Submission[],
  book: ReminderBook | undefined,
): Promise<{ conditions: Conditions; problems: readonly string[] }> {
  const ofModels = models.map(({ hotkey }) => hotkey);
  const hotkeys = [...new Set([...ofModels, ...ours])];
  if (places === undefined || hotkeys.length === 0)
    return { conditions: { notices: [], over: [] }, problems: [] };
  try {
    const found = await places(hotkeys);
    const key = ({ netuid, hotkey }: Place) => `registration ${netuid} ${hotkey}`;
    const here = found.filter(({ standing }) => standing !== 'gone');
    if (!dryRun) book?.sent(here.map(key), SEEN, now);
    const count = found.filter(
      (place) =>
        ofModels.includes(place.hotkey) ||
        place.standing !== 'gone' ||
        book?.unsent([key(place)], SEEN).length === 0,
    );
    return { conditions: placeConditions(count, names), problems: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      conditions: { notices: [], over: [] },
      problems: [`The registration could not be looked at: ${why}`],
    };
  }
}

/** Only where something was published or is to be. */
async function tokenOf({ settings, at, offline, hub }: LookOptions, models: readonly Submission[]) {
  if (offline || (settings.hub.repo === null && models.length === 0)) return NO_TOKEN;
  return await tokenState(at, {
    patience: PATIENCE,
    timeoutMs: HUB_TIMEOUT_MS,
    ...hub,
    url: settings.hub.url,
  });
}

async function expiries({
  settings,
  at,
  offline,
}: LookOptions): Promise<{ found: Expiry[]; problems: string[] }> {
  const { certificates, dates } = settings.refresh;
  const ends = [
    ...(await Promise.all(certificates.map((place) => certificateEnd(place, at, offline)))),
    ...dates.map((text) => datedExpiry(text) ?? `"${text}" in refresh.dates has no such date.`),
  ];
  return {
    found: ends.filter((end) => typeof end === 'object'),
    problems: ends.filter((end) => typeof end === 'string'),
  };
}
