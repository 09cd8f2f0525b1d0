export type { JournalEntry, Way } from './entry.ts';
export { type Journal, openJournal } from './journal.ts';
