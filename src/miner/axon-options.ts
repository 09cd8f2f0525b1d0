import { type AxonLimits, type AxonRoutes, DEFAULT_LIMITS } from '../axon/index.ts';
import type { Settings } from '../config/index.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** The axon's limits as the settings have them. */
export function axonLimits({ axon }: Settings): AxonLimits {
  const bodyBytes = Math.round(axon.max_body_mib * MIB);
  return {
    ...DEFAULT_LIMITS,
    bodyBytes,
    bodyBytesInFlight: Math.max(DEFAULT_LIMITS.bodyBytesInFlight, bodyBytes),
    unverifiedBodyBytes: Math.max(DEFAULT_LIMITS.unverifiedBodyBytes, bodyBytes),
    headerBytes: axon.max_header_kib * KIB,
    headerMs: axon.header_timeout_s * 1_000,
    requestMs: axon.request_timeout_s * 1_000,
    keepAliveMs: axon.keep_alive_s * 1_000,
    connections: axon.max_connections,
    connectionsPerAddress: axon.max_connections_per_address,
    timeoutMs: axon.max_timeout_s * 1_000,
  };
}

/** Which doors are open, and how. */
export function axonRoutes({ axon, btauth }: Settings): Partial<AxonRoutes> {
  return {
    ping: axon.ping === 'allowed' ? 'permitted' : axon.ping,
    btauth: btauth.enabled && {
      path: btauth.route,
      requireReceiver: btauth.require_receiver,
      maxAgeMs: btauth.max_age_s * 1_000,
      skewMs: btauth.skew_s * 1_000,
      allowEd25519: btauth.ed25519,
    },
  };
}
