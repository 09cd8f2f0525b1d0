import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from './measure/machine.ts';
import { measurePeer, type PeerPlan } from './measure-peer.ts';
import { constantPeer } from './peers/constant.ts';
import { pythonPeer } from './peers/python.ts';
import { servePeer } from './peers/serve.ts';
import { measureAdapters } from './phases/adapters.ts';
import { measureCascade } from './phases/cascade.ts';
import { measureCliStart } from './phases/cli-start.ts';
import { measureHotkeys } from './phases/hotkeys.ts';
import { measureSignatures } from './phases/signatures.ts';
import { measureTraining } from './phases/training.ts';
import { measureVariants } from './phases/variants.ts';
import { FULL, QUICK } from './plan.ts';
import { goals } from './report/goals.ts';
import { fullReport } from './report/markdown.ts';
import { RESULTS_FILE, readResults, writeDocuments, writeResults } from './report/write.ts';
import { makeJpeg } from './requests/images.ts';
import { Signer } from './requests/signer.ts';
import type { PeerResults, Results } from './results.ts';

const HELP = `npm run bench -- [--quick] [--only ID,… | --phase adapters,cascade,hotkeys,training,variants] [--bundle FOLDER] [--render]

Compares sv72 with the axons of the Python SDK on this machine, prints tables and writes ${RESULTS_FILE}.
Everything stays on 127.0.0.0/8. The first run downloads pinned Python packages.

--quick    a minute or two, to see that all of it works; writes bench/results/quick.json
--only     peers by id: python-9.12.2, python-10.5.0, sv72-constant, sv72-serve; writes bench/results/partial.json
--phase    adapters, cascade, hotkeys, training, variants or several of them, nothing else; the rest of ${RESULTS_FILE} stays
--bundle   model bundle for sv72 serve (default: the demonstration model)
--render   measure nothing; put the tables of ${RESULTS_FILE} into docs/benchmarks.md and README.md`;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    phase: { type: 'string' },
    bundle: { type: 'string' },
    render: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (flags.help) console.log(HELP);
else if (flags.render) console.log(writeDocuments(root, readResults(root)).join('\n') || 'Nothing changed.');
else if (flags.phase !== undefined) await some(flags.phase.split(','));
else await bench();

/** Phases that need no peers, into the results that are there. */
async function some(phases: readonly string[]): Promise<void> {
  if (!phases.every((phase) => ['adapters', 'cascade', 'hotkeys', 'training', 'variants'].includes(phase))) {
    throw new Error(
      '--phase takes adapters, cascade, hotkeys, training, variants, or several of them with commas',
    );
  }
  const plan = flags.quick ? QUICK : FULL;
  const results: Results = {
    ...readResults(root),
    ...(phases.includes('adapters') && { adapters: await adapters(plan.overheadRequests) }),
    ...(phases.includes('cascade') && { cascade: await measureCascade(plan.cascadePictures) }),
    ...(phases.includes('hotkeys') && { hotkeys: await measureHotkeys(plan.sharedPictures) }),
    ...(phases.includes('training') && { training: await measureTraining(root, plan.trainingSteps) }),
    ...(phases.includes('variants') && { variants: await measureVariants(root, plan.largeVariants) }),
  };
  if (!flags.quick) writeResults(root, RESULTS_FILE, results);
  console.log(fullReport(results));
}

async function adapters(requests: number): Promise<NonNullable<Results['adapters']>> {
  return measureAdapters(`${root}models/demo`, { jpeg: await makeJpeg(14_000, 224, 224), requests });
}

async function bench(): Promise<void> {
  const begun = performance.now();
  const plan = flags.quick ? QUICK : FULL;
  const bundle = flags.bundle ?? `${root}models/demo`;
  const peers: PeerPlan[] = [
    { peer: pythonPeer('sdk-9', '9.12.2'), signPerSecond: 150, ours: false },
    { peer: pythonPeer('sdk-10', '10.5.0'), signPerSecond: 600, ours: false },
    { peer: constantPeer(), signPerSecond: 6_000, ours: true },
    { peer: servePeer(flags.bundle ? { bundle } : {}), signPerSecond: 1_000, ours: true, bundle },
  ];
  const only = flags.only?.split(',');
  const chosen = peers.filter(({ peer }) => only?.includes(peer.id) ?? true);
  if (chosen.length === 0) throw new Error(`--only must name some of ${peers.map((p) => p.peer.id)}`);

  const machine = describeMachine();
  const note = (text: string): void => {
    const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
    console.error(`${minutes.padStart(5)} min  ${text}`);
  };
  if (machine.loadBefore > 0.5) note(`the machine is busy (load ${machine.loadBefore}): numbers will be off`);
  const jpeg = await makeJpeg(14_000, 224, 224);
  note('starting the signer (the first run makes Python environments)');
  const signer = await Signer.start();
  const measured: PeerResults[] = [];
  try {
    for (const each of chosen) measured.push(await measurePeer(each, { signer, jpeg, plan, note }));
  } finally {
    signer.stop();
  }
  if (only === undefined) note('training');
  const training = only === undefined ? await measureTraining(root, plan.trainingSteps) : undefined;
  if (only === undefined) note('variants');
  const variants = only === undefined ? await measureVariants(root, plan.largeVariants) : undefined;
  if (only === undefined) note('engines that ask a server');
  const asking = only === undefined ? await adapters(plan.overheadRequests) : undefined;
  if (only === undefined) note('a cascade of doubles');
  const cascade = only === undefined ? await measureCascade(plan.cascadePictures) : undefined;
  if (only === undefined) note('several hotkeys');
  const hotkeys = only === undefined ? await measureHotkeys(plan.sharedPictures) : undefined;
  note('signature checks and start of commands');
  const results: Results = {
    at: new Date().toISOString(),
    sv72: JSON.parse(readFileSync(`${root}package.json`, 'utf8')).version,
    quick: flags.quick,
    machine,
    imageBytes: jpeg.length,
    peers: measured,
    signatures: await measureSignatures(plan.signatureChecks),
    cli: measureCliStart(plan.cliRuns),
    ...(training !== undefined && { training }),
    ...(variants !== undefined && { variants }),
    ...(asking !== undefined && { adapters: asking }),
    ...(cascade !== undefined && { cascade }),
    ...(hotkeys !== undefined && { hotkeys }),
    minutes: Math.round((performance.now() - begun) / 6_000) / 10,
  };
  const file = flags.quick ? 'quick' : only ? 'partial' : 'latest';
  writeResults(root, `bench/results/${file}.json`, results);
  console.log(fullReport(results));
  const missed = goals(results).filter((goal) => !goal.met);
  note(`done; ${missed.length} goals missed; written to bench/results/${file}.json`);
}
