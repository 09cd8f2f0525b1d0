/** The HTTP server that validators talk to: both protocols, authenticated, in time, and without any knowledge of models. */
export {
  type Admission,
  type AdmissionEntry,
  type AdmissionOptions,
  type AdmissionStats,
  type Admitted,
  createAdmission,
} from './admission.ts';
export { createAxon } from './axon.ts';
export { type Clock, systemClock } from './clock.ts';
export { HELD_CONNECTIONS } from './connections.ts';
export type {
  AxonEvent,
  ConnectionReason,
  FallbackReason,
  Observer,
  RefusalReason,
  Timings,
} from './events.ts';
export {
  type Answer,
  type AnswerFunction,
  type Axon,
  type AxonAddress,
  type AxonLimits,
  type AxonOptions,
  type AxonRoutes,
  type BtauthOptions,
  type CallerPolicy,
  type CallerVerdict,
  DEFAULT_BTAUTH,
  DEFAULT_LIMITS,
  DEFAULT_ROUTES,
  type Fallback,
  type ListenOptions,
} from './options.ts';
export type { Protocol, VerifiedRequest } from './request.ts';
export {
  decodeVerifyingKey,
  prepareVerifyingKey,
  type VerifyingKey,
  verifyAnySr25519,
  verifySr25519,
} from './sr25519-verify.ts';
export { createVerifier, type Verifier, type VerifierOptions, type VerifierStats } from './verifier.ts';
