export { readDeployments } from './deployments.ts';
export { type DoubtfulImage, readDoubtful } from './doubtful.ts';
export { imagePath } from './images.ts';
export {
  openStoreReader,
  type RefusalCount,
  type Scope,
  type StoredRequest,
  type StoreReader,
  type Summary,
  type ValidatorCount,
} from './reader.ts';
export type {
  DeploymentRecord,
  ImageRecord,
  ModelRef,
  Outcome,
  RefusalRecord,
  RequestRecord,
} from './records.ts';
export {
  openReminders,
  openRemindersIfThere,
  type ReminderBook,
  type SeenCard,
  tryLock,
} from './reminders.ts';
export { readUploads, recordUpload, type UploadRecord } from './uploads.ts';
export { openStoreWriter, type StoreStats, type StoreWriter, type StoreWriterOptions } from './writer.ts';
