import { describe, it } from 'vitest';
import { ENDS, endAtEveryRequest } from '../../hub/interruption.ts';

describe.each([
  { name: 'a new repository', earlier: false },
  { name: 'a repository with an earlier release', earlier: true },
])('publishing into $name', ({ earlier }) => {
  it.each(ENDS)(
    '$name, at every request: as before or complete, and complete when run again',
    async (end) => {
      await endAtEveryRequest(end, earlier);
    },
  );
});
