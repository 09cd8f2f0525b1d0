import type { ErrorEntry } from './types.ts';

export const refreshErrors = {
  ERR_REFRESH_LOOK: {
    who: 'outside',
    exit: 1,
    meaning:
      '`sv72 refresh` could not find out what is due, for the reason in the message; its code is in the details. The exit code is 1, whatever the reason, so that a schedule can tell it from 10 (due) and 20 (overdue).',
    next: 'Mend what the message names; the next run looks again.',
  },
  ERR_REFRESH_CHANNEL: {
    who: 'user',
    exit: 1,
    meaning: 'A channel for reminders is not set up: a setting or its secret is missing or cannot be used.',
    next: 'Set it up as docs/refresh.md says, then try it with `sv72 refresh notify test`.',
  },
  ERR_REFRESH_SEND: {
    who: 'outside',
    exit: 3,
    meaning: 'A reminder could not be delivered to a channel. It is tried again at the next run.',
    next: 'Try the channel by itself: `sv72 refresh notify test CHANNEL`.',
  },
  ERR_REFRESH_CALENDAR: {
    who: 'user',
    exit: 1,
    meaning:
      'There is no published model to make a calendar of, or the file to be replaced is not one of sv72.',
    next: 'Publish a model with `sv72 upload`, or give its date with --since.',
  },
  ERR_REFRESH_SCHEDULER: {
    who: 'outside',
    exit: 3,
    meaning: 'The scheduler of this machine (cron, systemd or launchd) refused what sv72 asked of it.',
    next: 'See what it said in the message; `sv72 refresh status` tells what is installed.',
  },
  ERR_REFRESH_NO_SCHEDULER: {
    who: 'user',
    exit: 1,
    meaning:
      'Nothing on this machine starts programs at their time: no cron that runs, no systemd of this user, no launchd. Containers are mostly like that.',
    next: 'Install and start cron, or let the host start `sv72 refresh` once an hour (`docker exec CONTAINER sv72 refresh`).',
  },
  ERR_REFRESH_USER: {
    who: 'user',
    exit: 1,
    meaning: 'sv72 runs as another user than the one whose settings and keys it would be installed for.',
    next: 'Run it as that user, without sudo; --any-user installs it for the one that it runs as.',
  },
  ERR_REFRESH_BUSY: {
    who: 'user',
    exit: 1,
    meaning: 'An automatic cycle runs already on this machine.',
    next: 'Wait for it, or stop it with Ctrl-C where it runs; it can be taken up again.',
  },
  ERR_REFRESH_STEP: {
    who: 'outside',
    exit: 3,
    meaning: 'A step of the automatic cycle failed; the steps before it are done and are not done again.',
    next: 'Mend what the message names, then run the same command again.',
  },
  ERR_REFRESH_BUDGET: {
    who: 'user',
    exit: 1,
    meaning: 'The automatic cycle stopped because the time or the money it was given is used up.',
    next: 'Run the same command again with a larger --max-hours or --max-cost; it goes on where it stopped.',
  },
} as const satisfies Record<string, ErrorEntry>;
