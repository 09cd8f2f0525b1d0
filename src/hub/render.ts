import { printable } from './plain.ts';
import type { Change, UploadPlan } from './plan.ts';
import type { ReleaseDraft } from './release/release.ts';
import { SIGNATURE_NAME } from './release/signature.ts';
import type { RollbackPlan } from './rollback.ts';
import type { Uploaded, UploadProgress } from './upload.ts';
import type { Verdict } from './verify.ts';

const SIGNS: Readonly<Record<Change['change'], string>> = {
  add: '+',
  replace: '~',
  same: '=',
  remove: '-',
  left: ' ',
};

const WORDS: Readonly<Record<Change['change'], string>> = {
  add: 'new',
  replace: 'changed',
  same: 'as it is there',
  remove: 'removed',
  left: 'not sv72’s, left alone',
};

/** What publishing would do, for people. */
export function planLines(plan: UploadPlan<ReleaseDraft>): string[] {
  const { repo, release, remote, visibility, changes, publishedVersion } = plan;
  const { card } = release;
  const head = [
    [
      'Repository',
      `${repo.id} (${remote === null ? `will be made, ${visibility}` : changeOf(remote.visibility, visibility)})`,
    ],
    [
      'Model',
      `${card.model_name} ${card.version}${publishedVersion === null ? '' : `; published now: ${publishedVersion}`}`,
    ],
    ['Hotkey', card.submitted_by],
    ['Token of', plan.user ?? 'nobody: only what is public was looked at'],
  ] as const;
  return [
    ...head.map(([title, text]) => `${title.padEnd(12)}${text}`),
    ...(release.noCheckpoint === undefined ? [] : [`${'Note'.padEnd(12)}${release.noCheckpoint}`]),
    '',
    ...changes.map(changeLine),
    ...release.left.map(({ path, why }) => `  not published: ${path} (${why})`),
    ...(plan.state === 'published' ? ['', 'This release is published already.'] : []),
    ...(changes.some(isUnsigned) ? ['', UNSIGNED] : []),
    ...(plan.state === 'changed' && publishedVersion === card.version ? ['', REPAIR] : []),
  ].map(printable);
}

const UNSIGNED =
  'Nothing was signed for this look: the hotkey signs, and is unlocked, when it is really published.';

const isUnsigned = ({ path, sha256, change }: Change): boolean =>
  path === SIGNATURE_NAME && sha256 === null && (change === 'add' || change === 'replace');

const REPAIR =
  'This version is published already; what is not as it was signed is put right, with today’s date.';

function changeOf(now: string, then: string): string {
  return now === then ? now : `${now}, becomes ${then}`;
}

function changeLine({ path, bytes, sha256, change }: Change): string {
  const size = sizeText(bytes).padStart(9);
  const hash = (sha256 === null ? '' : sha256.slice(0, 12)).padEnd(12);
  return `${SIGNS[change]} ${size}  ${hash}  ${path} (${WORDS[change]})`;
}

/** What putting a revision back would do, for people. */
export function rollbackLines({ repo, revision, verdict, changes, remote, user }: RollbackPlan): string[] {
  const { card } = verdict;
  return [
    `${'Repository'.padEnd(12)}${repo.id} (${remote.visibility})`,
    `${'Back to'.padEnd(12)}${revision.slice(0, 12)}: ${card.model_name} ${card.version}, signed by ${verdict.hotkey}`,
    `${'Token of'.padEnd(12)}${user}`,
    '',
    ...changes.map(changeLine),
    ...(changes.length === 0 ? ['Everything is as it was in that revision.'] : []),
  ].map(printable);
}

/** What was published and found there, for people. */
export function uploadedLines({ record, committed, verdict }: Uploaded): string[] {
  const who =
    record.visibility === 'public' ? 'as anybody, without the token' : 'with the token, since it is private';
  const bytes = verdict.files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${committed ? 'Published' : 'Published already'}: ${record.hub}/${record.repo}, version ${record.version}, revision ${record.revision.slice(0, 12)}`,
    `Read back ${who}: ${verdict.files.length} files, ${sizeText(bytes)}, all hashes and the signature are right.`,
  ];
}

/** What was found about a release, for people. */
export function verdictLines({ findings, files, unlisted, ok }: Verdict): string[] {
  return [
    ...files.map(
      ({ path, bytes, problem }) =>
        `${problem === null ? 'ok     ' : 'WRONG  '} ${sizeText(bytes).padStart(9)}  ${path}${problem === null ? '' : `: it ${problem}`}`,
    ),
    ...findings.map(
      (finding) => `${finding.ok ? 'ok     ' : 'WRONG  '} ${finding.name}: ${finding.sentence}`,
    ),
    ...(unlisted.length === 0 ? [] : [`note    not covered by the signature: ${unlisted.join(', ')}`]),
    ok ? 'The release is whole and signed.' : 'The release is NOT as it should be.',
  ].map(printable);
}

/** How far publishing is, a few words for a status line. */
export function progressText(progress: UploadProgress): string {
  switch (progress.state) {
    case 'sending':
      return `${progress.path} ${percent(progress.sent, progress.bytes)}`;
    case 'sent':
      return `${progress.path} sent`;
    case 'present':
      return `${progress.path} is there already`;
    case 'reading':
      return `reading back ${progress.path} ${percent(progress.read, progress.bytes)}`;
    case 'committing':
      return 'committing';
    case 'visibility':
      return 'changing who may see it';
  }
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '100 %' : `${Math.floor((100 * part) / whole)} %`;
}

function sizeText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
