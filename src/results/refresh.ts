import { z } from 'zod';

const milestone = z.enum(['checkpoint', 'train', 'upload', 'verify', 'expired']);
const phase = z.enum(['future', 'fresh', ...milestone.options]);
const state = z.enum(['nothing', 'due', 'overdue']);
const channel = z.enum(['desktop', 'email', 'discord', 'telegram', 'slack', 'ntfy', 'webhook']);
const time = z.string().describe('ISO 8601, UTC.');
const mark = z.strictObject({ milestone, at: time }).nullable();

const model = z.strictObject({
  hotkey: z.string().describe('SS58 address.'),
  name: z.string().nullable().describe('Of that hotkey in the settings; null: it is not there.'),
  repo: z.string().nullable(),
  model: z.string().nullable(),
  version: z.string().nullable(),
  submitted_at: time,
  source: z.enum(['card', 'record', 'since']).describe('Which of the dates counts.'),
  dates: z.strictObject({ card: time.nullable(), record: time.nullable(), since: time.nullable() }),
  disagreement: z.string().nullable().describe('A sentence, where the dates are not the same.'),
  age_days: z.number(),
  phase,
  reward_factor: z.number().min(0).max(1).describe('Share of the reward that the schedule leaves today.'),
  state,
  due: mark.describe('The milestone that waits; null: none, or it is seen to.'),
  next: mark,
});

const reminder = z.strictObject({
  key: z.string().describe('What is sent under it is not sent again.'),
  kind: z.enum(['model', 'registration', 'certificate', 'token', 'date', 'disk']),
  level: z.enum(['due', 'overdue']),
  title: z.string(),
  text: z.string(),
  since: time.nullable(),
});

const failure = z.strictObject({ channel, problem: z.string() });
const how = z.enum(['crontab', 'systemd', 'launchd']);

const scheduler = z.strictObject({
  scheduler: how,
  installed: z.boolean(),
  script: z.string().describe('What it starts.'),
  log: z.string(),
  problems: z.array(z.string()),
});

export const refreshResults = {
  refresh: z.strictObject({
    state: state.describe(
      'Exit code 0, 10 or 20; 1 where nothing is due, but something could not be found out.',
    ),
    models: z.array(model),
    unpublished: z
      .array(z.strictObject({ name: z.string(), hotkey: z.string() }))
      .describe('Hotkeys of the settings of which no model is known.'),
    reminders: z.array(reminder).describe('All that holds now, sent before or not.'),
    sent: z.array(z.strictObject({ channel, reminders: z.int() })),
    failed: z.array(failure).describe('Tried again at the next run.'),
    would_send: z.array(z.strictObject({ channel, reminders: z.int() })).describe('With --dry-run.'),
    problems: z.array(z.string()).describe('What could not be found out.'),
    schedule: z.strictObject({
      days: z.strictObject({
        checkpoint: z.number(),
        train: z.number(),
        upload: z.number(),
        verify: z.number(),
        expired: z.number(),
      }),
      full_until_day: z.number(),
      zero_from_day: z.number(),
      checked: z.string().describe('When it was last compared with the subnet’s documents.'),
    }),
  }),
  'refresh calendar': z.strictObject({
    path: z.string(),
    written: z.boolean().describe('false: the file says the same already.'),
    events: z.int(),
  }),
  'refresh notify test': z.strictObject({
    sent: z.array(channel),
    failed: z.array(failure),
  }),
  'refresh install': scheduler.extend({ dry_run: z.boolean(), content: z.string() }),
  'refresh uninstall': z.strictObject({ removed: z.array(how) }),
  'refresh status': z.strictObject({
    schedulers: z.array(scheduler),
    last_run: z.strictObject({ at: time, state: z.string() }).nullable(),
    channels: z.array(channel),
  }),
  'refresh run': z.strictObject({
    outcome: z.enum(['done', 'not better', 'rolled back', 'until', 'planned']),
    run: z.string().describe('Folder with the record of the run.'),
    steps: z.array(
      z.strictObject({
        step: z.enum(['pull', 'train', 'evaluate', 'upload', 'canary', 'promote']),
        state: z.enum(['done', 'skipped', 'open']),
        command: z.array(z.string()),
        seconds: z.number().nullable(),
      }),
    ),
    report: z.string().nullable(),
    live: z.string().describe('Folder of the bundle that is in service then.'),
    spent: z.strictObject({ hours: z.number(), cost: z.number() }),
  }),
};
