/** A process with a classifier, for others to kill: tells the ids of its engine processes. */
import { loadBundle } from '../../src/bundle/index.ts';
import { createClassifier } from '../../src/inference/index.ts';

const bundle = await loadBundle(process.argv[2] ?? '');
const classifier = await createClassifier({ bundle, device: 'cpu', processes: 2 });
process.send?.(classifier.stats().pids);
