import { expect, it } from 'vitest';
import { ENDS, endAtEveryRequest } from './interruption.ts';

/** All ends in both kinds of repository are in the slow tests; here each kind of repository and of end once. */
it.each([
  { end: ENDS[0], earlier: false },
  { end: ENDS[3], earlier: true },
])(
  '$end.name, at every request: as before or complete, and complete when run again',
  async ({ end, earlier }) => {
    expect(end).toBeDefined();
    if (end) await endAtEveryRequest(end, earlier);
  },
);
