import { z } from 'zod';

const status = z.enum(['ok', 'note', 'warning', 'failed', 'unknown', 'skipped']);

export const doctorResults = {
  doctor: z.strictObject({
    status: status.describe(
      'The worst of the checks; the exit code is 20 for failed, 10 for warning and unknown, else 0.',
    ),
    netuid: z.int(),
    network: z.string(),
    checks: z.array(
      z.strictObject({
        id: z.string().describe('Stable name, for --only.'),
        title: z.string(),
        status,
        sentence: z.string(),
        miners: z
          .array(z.string())
          .describe('Names of the miners (hotkeys) that it is about; none: the machine.'),
        fix: z.string().nullable().describe('The one command line that mends it.'),
        ms: z.int().describe('Time the check took.'),
      }),
    ),
  }),
};
