import type { z } from 'zod';
import { axonResults } from './axon.ts';
import { bundleResults } from './bundle.ts';
import { cascadeResults } from './cascade.ts';
import { chainResults } from './chain.ts';
import { challengeResults } from './challenge.ts';
import { dataResults } from './data.ts';
import { deployResults } from './deploy.ts';
import { doctorResults } from './doctor.ts';
import { evaluateResults } from './evaluate.ts';
import { failureResult, generalResults } from './general.ts';
import { hubResults } from './hub.ts';
import { jobsResults } from './jobs.ts';
import { refreshResults } from './refresh.ts';
import { registerResults } from './register.ts';
import { serveResults } from './serve.ts';
import { servingResults } from './serving.ts';
import { trainingResults } from './training.ts';
import { variantsResults } from './variants.ts';
import { videoResults } from './video.ts';
import { walletResults } from './wallet.ts';

/** Schema of what each command prints with --json, by command id. */
export const RESULTS = {
  ...generalResults,
  ...walletResults,
  ...serveResults,
  ...challengeResults,
  ...bundleResults,
  ...chainResults,
  ...axonResults,
  ...dataResults,
  ...deployResults,
  ...doctorResults,
  ...refreshResults,
  ...registerResults,
  ...hubResults,
  ...variantsResults,
  ...jobsResults,
  ...cascadeResults,
  ...videoResults,
  ...evaluateResults,
  ...trainingResults,
  ...servingResults,
};

/** Schema of what any command prints with --json when it fails. */
export const FAILURE = failureResult;

/** The object that a command returns and --json prints. Import it as a type: the schemas load zod. */
export type ResultOf<Id extends keyof typeof RESULTS> = z.infer<(typeof RESULTS)[Id]>;
