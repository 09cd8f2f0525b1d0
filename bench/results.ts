import type { Machine } from './measure/machine.ts';
import type { AdapterOverhead } from './phases/adapters.ts';
import type { CascadeRate } from './phases/cascade.ts';
import type { CliStart } from './phases/cli-start.ts';
import type { HotkeyCost } from './phases/hotkeys.ts';
import type { UnderJunk } from './phases/junk.ts';
import type { MemoryGrowth } from './phases/memory.ts';
import type { Overhead } from './phases/overhead.ts';
import type { Refusals } from './phases/refusals.ts';
import type { VerifyCost } from './phases/signatures.ts';
import type { FirstAnswer } from './phases/start.ts';
import type { Rate } from './phases/throughput.ts';
import type { TrainingRates } from './phases/training.ts';
import type { VariantLatency } from './phases/variants.ts';

export interface PeerResults {
  readonly id: string;
  readonly label: string;
  readonly start: FirstAnswer;
  readonly rates: readonly Rate[];
  /** After the rates, of all its processes; see `Usage`. */
  readonly residentMb: number;
  readonly rssMb: number;
  readonly pssMb: number;
  readonly processes: number;
  readonly refusals: Refusals;
  readonly junk: readonly UnderJunk[];
  readonly memory: MemoryGrowth | null;
  readonly overhead: Overhead | null;
}

/** What a run writes to bench/results. */
export interface Results {
  readonly at: string;
  readonly sv72: string;
  readonly quick: boolean;
  readonly minutes: number;
  readonly machine: Machine;
  readonly imageBytes: number;
  readonly peers: readonly PeerResults[];
  readonly signatures: readonly VerifyCost[];
  readonly cli: CliStart;
  /** Absent in results of older versions, and where some peers alone were measured. */
  readonly training?: TrainingRates;
  /** As `training`. */
  readonly cascade?: readonly CascadeRate[];
  /** As `training`. */
  readonly hotkeys?: readonly HotkeyCost[];
  /** As `training`. */
  readonly variants?: readonly VariantLatency[];
  /** As `training`. */
  readonly adapters?: readonly AdapterOverhead[];
}
