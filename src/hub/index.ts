export { findToken, HubToken, tokenPath } from '../hub-token/index.ts';
export { accessTo, type Identity, identityOf } from './access.ts';
export { createHubClient, HUB_URL, type HubClient, type HubOptions } from './client.ts';
export { openHashMemory } from './hashes.ts';
export { publishedReleases } from './history.ts';
export { type Change, planUpload, type UploadPlan } from './plan.ts';
export { keepRecord } from './record.ts';
export { cardText, type ModelCard, parseVersion, readCard } from './release/card.ts';
export {
  draftRelease,
  makeRelease,
  type Release,
  type ReleaseDraft,
  type ReleaseFile,
} from './release/release.ts';
export { readSignature, SIGNATURE_NAME, signStatement, statementText } from './release/signature.ts';
export { type RemoteCommit, remoteCommits, remoteFiles, remoteRepo, type Visibility } from './remote.ts';
export { planLines, progressText, rollbackLines, uploadedLines, verdictLines } from './render.ts';
export { parseRepo, type Repo, repoIn } from './repo.ts';
export { planRollback, type RollbackPlan, rollback } from './rollback.ts';
export { folderSource, hubSource, type ReleaseSource } from './source.ts';
export { type Uploaded, type UploadProgress, upload } from './upload.ts';
export { type Finding, type Verdict, verifyRelease } from './verify.ts';
export { askedWait, type Patience, pauseAfter } from './waits.ts';
