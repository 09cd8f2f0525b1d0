import { openReminders, openRemindersIfThere, tryLock } from '../store/index.ts';
import type { ChannelName } from './channels/open.ts';
import { DONE, type Outlook } from './look.ts';
import { type ModelOutlook, milestoneKey, type Notice, type State, worstState } from './notice.ts';
import { type Channel, remind } from './remind.ts';

/** Exit codes of `sv72 refresh`. */
export const STATE_EXITS: Readonly<Record<State, number>> = { nothing: 0, due: 10, overdue: 20 };

export interface RemindOnceOptions {
  readonly outlook: Outlook;
  /** The store's file. */
  readonly store: string;
  readonly channels: readonly Channel<ChannelName>[];
  /** `done`: what is due is seen to, and nothing is sent. */
  readonly mode: 'send' | 'done' | 'dry-run';
  /** SS58 addresses of the hotkeys whose models `done` is about; undefined: all. */
  readonly only?: readonly string[] | undefined;
  /** Unix milliseconds. */
  readonly now: number;
}

interface Sent {
  readonly channel: ChannelName;
  readonly reminders: number;
}

export interface RemindedOnce {
  /** As the outlook had them, less what is seen to now. */
  readonly state: State;
  readonly models: readonly ModelOutlook[];
  readonly notices: readonly Notice[];
  readonly sent: readonly Sent[];
  readonly wouldSend: readonly Sent[];
  readonly failed: readonly { readonly channel: ChannelName; readonly problem: string }[];
  /** Another process is sending: this one left it to that. */
  readonly busy: boolean;
}

/**
 * Sends what is due to the channels, one process at a time, and remembers that.
 *
 * @throws ERR_STORE_*
 */
export async function remindOnce({
  outlook,
  store,
  channels,
  mode,
  only,
  now,
}: RemindOnceOptions): Promise<RemindedOnce> {
  const { state, models, notices, over } = outlook;
  const quiet = { state, models, notices, sent: [], wouldSend: [], failed: [], busy: false };
  if (mode === 'dry-run') {
    const book = openRemindersIfThere(store);
    const wouldSend = channels.map(({ name }) => {
      const keys = notices.map(({ key }) => key);
      return { channel: name, reminders: (book?.unsent(keys, name) ?? keys).length };
    });
    book?.close();
    return { ...quiet, wouldSend: wouldSend.filter(({ reminders }) => reminders > 0) };
  }
  if (mode === 'done') return { ...quiet, ...seenTo(outlook, { store, only, now }) };

  const unlock = tryLock(`${store}.refresh-lock`);
  if (unlock === undefined) return { ...quiet, busy: true };
  const book = openReminders(store);
  try {
    const { sent, failed } = await remind({ book, notices, channels, over, now });
    book.ran(now, state);
    return { ...quiet, sent, failed };
  } finally {
    book.close();
    unlock();
  }
}

/** What is due and costs nothing yet is done with, until the next milestone. */
function seenTo(
  { models, notices }: Outlook,
  { store, only, now }: Pick<RemindOnceOptions, 'store' | 'only' | 'now'>,
): Pick<RemindedOnce, 'state' | 'models' | 'notices'> {
  const done = models.filter(
    ({ due, cycle, submission: { hotkey } }) =>
      due !== null && cycle.factor === 1 && (only === undefined || only.includes(hotkey)),
  );
  const book = openReminders(store);
  try {
    book.sent(
      done.flatMap(({ submission, due }) => (due === null ? [] : [milestoneKey(submission, due.milestone)])),
      DONE,
      now,
    );
  } finally {
    book.close();
  }
  const hotkeys = new Set(done.map(({ submission }) => `model ${submission.hotkey}`));
  const left = notices.filter(({ about }) => !hotkeys.has(about));
  const rest = models.map(
    (model): ModelOutlook => (done.includes(model) ? { ...model, state: 'nothing', due: null } : model),
  );
  const others = left.filter(({ kind }) => kind !== 'model').map(({ level }) => level);
  return { state: worstState([...rest.map((model) => model.state), ...others]), models: rest, notices: left };
}
