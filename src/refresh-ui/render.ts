import { labelOf, type ModelOutlook, type Notice, type Outlook, percent } from '../refresh/index.ts';
import type { ResultOf } from '../results/index.ts';
import { namesOf, type OwnHotkey } from './command.ts';

type RefreshResult = ResultOf<'refresh'>;
type ModelResult = RefreshResult['models'][number];
type ReminderResult = RefreshResult['reminders'][number];

/** What is due, a line or two each; empty when nothing is. */
export function dueLines({ notices, models }: Pick<Outlook, 'notices' | 'models'>): string[] {
  const last = new Map(notices.map((notice) => [notice.about, notice]));
  const disagreements = models.flatMap(({ submission, due }) =>
    due !== null && submission.disagreement !== null ? [submission.disagreement] : [],
  );
  return [...[...last.values()].flatMap(noticeLines), ...disagreements];
}

function noticeLines({ level, title, text }: Notice): string[] {
  return [`${level === 'overdue' ? 'OVERDUE' : 'DUE    '}  ${title}`, `         ${text}`];
}

/** Hotkeys of the settings without a model that is known. */
export function unpublished(models: readonly ModelOutlook[], own: readonly OwnHotkey[]): OwnHotkey[] {
  return own.filter(({ ss58 }) => models.every(({ submission }) => submission.hotkey !== ss58));
}

/** All models with their age, also when nothing is due, and whose are not known. */
export function modelLines(
  models: readonly ModelOutlook[],
  own: readonly OwnHotkey[],
  checked: string,
): string[] {
  if (models.length === 0) {
    return [
      'No published model is known: nothing was published from here, and no repository is named (hub.repo, refresh.repos).',
    ];
  }
  const names = namesOf(own);
  const lines = models.map(({ submission: { hotkey, repo, model, version, at, source }, cycle }) => {
    const next =
      cycle.next === null
        ? ''
        : `; ${cycle.next.milestone} on ${new Date(cycle.next.at * 1000).toISOString().slice(0, 10)}`;
    const name = [model ?? repo ?? 'model', version].filter((part) => part !== null).join(' ');
    return (
      `${name}  hotkey ${labelOf(hotkey, names)}  ${cycle.age.toFixed(1)} days since ${new Date(at * 1000).toISOString().slice(0, 16)}Z (${source})  ` +
      `${cycle.phase}  reward ${percent(cycle.factor)}${next}`
    );
  });
  const disagreements = models.flatMap(({ submission }) => submission.disagreement ?? []);
  return [
    ...lines,
    ...disagreements,
    ...unpublished(models, own).map(
      ({ name, ss58 }) => `No published model of ${labelOf(ss58, new Map([[ss58, name]]))} is known.`,
    ),
    `The schedule is a setting, last checked ${checked}; no code of the subnet applies it.`,
  ];
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

export function modelJson(
  { submission, cycle, state, due }: ModelOutlook,
  own: readonly OwnHotkey[],
): ModelResult {
  const { hotkey, repo, model, version, at, source, dates, disagreement } = submission;
  const date = (seconds: number | undefined) => (seconds === undefined ? null : iso(seconds));
  return {
    hotkey,
    name: own.find(({ ss58 }) => ss58 === hotkey)?.name ?? null,
    repo,
    model,
    version,
    submitted_at: iso(at),
    source,
    dates: { card: date(dates.card), record: date(dates.record), since: date(dates.since) },
    disagreement,
    age_days: cycle.age,
    phase: cycle.phase,
    reward_factor: cycle.factor,
    state,
    due: due && { milestone: due.milestone, at: iso(due.at) },
    next: cycle.next && { milestone: cycle.next.milestone, at: iso(cycle.next.at) },
  };
}

export function noticeJson({ key, kind, level, title, text, at }: Notice): ReminderResult {
  return { key, kind, level, title, text, since: at === null ? null : iso(at) };
}
