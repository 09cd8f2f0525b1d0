import { z } from 'zod';

const visibility = z.enum(['public', 'private']);

const change = z.strictObject({
  path: z.string(),
  bytes: z.int(),
  sha256: z.string().nullable(),
  change: z.enum(['add', 'replace', 'same', 'remove', 'left']).describe('left: not sv72’s, not touched.'),
});

const phase = z.enum(['future', 'fresh', 'checkpoint', 'train', 'upload', 'verify', 'expired']);

export const hubResults = {
  upload: z.strictObject({
    hub: z.string(),
    repo: z.string(),
    dry_run: z.boolean(),
    state: z
      .enum(['new', 'changed', 'published', 'rollback'])
      .describe('published: this release was there before, and nothing was committed.'),
    user: z.string().nullable().describe('Whose token it is.'),
    model: z.string(),
    version: z.string(),
    published_version: z.string().nullable().describe('What was published before.'),
    hotkey: z.string(),
    submission_time: z.int().describe('Unix seconds.'),
    visibility,
    changes: z.array(change),
    not_published: z.array(z.strictObject({ path: z.string(), why: z.string() })),
    pipeline: z.boolean().describe('Whether transformers’ image-classification pipeline can load it.'),
    note: z.string().nullable(),
    committed: z.boolean(),
    revision: z.string().nullable(),
    rollback_of: z.string().nullable(),
    read_back: z
      .strictObject({
        as: z.enum(['anybody', 'owner']).describe('owner: it is private, so the token was needed.'),
        files: z.int(),
        bytes: z.int(),
      })
      .nullable(),
    record: z.string().nullable().describe('File with everything that was published to this repository.'),
  }),
  verify: z.strictObject({
    target: z.string(),
    revision: z.string().nullable().describe('null for a folder.'),
    ok: z.boolean().describe('The exit code is 1 unless it is true.'),
    name: z.string().nullable(),
    version: z.string().nullable(),
    hotkey: z.string().nullable().describe('Who signed, when the signature is valid.'),
    submission_time: z.int().nullable(),
    findings: z.array(
      z.strictObject({
        name: z.enum(['manifest', 'files', 'signature', 'repository', 'hotkey', 'card']),
        ok: z.boolean(),
        sentence: z.string(),
      }),
    ),
    files: z.array(z.strictObject({ path: z.string(), bytes: z.int(), problem: z.string().nullable() })),
    unlisted: z.array(z.string()).describe('Files that the signature does not speak of.'),
  }),
  'models list': z.strictObject({
    models: z.array(
      z.strictObject({
        hub: z.string(),
        repo: z.string(),
        revision: z.string(),
        model: z.string(),
        version: z.string(),
        hotkey: z.string(),
        submitted_at: z.string().describe('The card’s submission_time, ISO 8601.'),
        current: z.boolean().describe('The newest of its repository.'),
        rollback_of: z.string().nullable(),
        from: z.enum(['record', 'hub']).describe('Our own record, or the repository (--remote).'),
        age_days: z.number(),
        phase,
        reward_factor: z.number().describe('Share of the reward that the schedule leaves.'),
        next: z.strictObject({ milestone: phase, at: z.string() }).nullable(),
      }),
    ),
    schedule_checked: z.string().describe('When the schedule was last compared with the subnet’s documents.'),
  }),
};
