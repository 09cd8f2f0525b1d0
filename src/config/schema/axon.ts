import { z } from 'zod';
import { port, route, seconds } from './fields.ts';

/** The door of validators, and its limits. */
export const axon = z
  .strictObject({
    host: z.string().min(1).default('::').describe('Address to listen on; :: is all of IPv6 and IPv4.'),
    port: port
      .default(8091)
      .describe('Port of the first hotkey; each further hotkey takes the next one. 0 takes a free port.'),
    external_ip: z
      .string()
      .nullable()
      .default(null)
      .describe('Address to announce, when it is not the one found.'),
    external_port: port
      .nullable()
      .default(null)
      .describe(
        'Port to announce for the first hotkey, when it is not the one listened on; each further hotkey takes the next one.',
      ),
    announce: z
      .boolean()
      .default(true)
      .describe('Whether `serve` announces its address on the chain, where validators look for it.'),
    prometheus_port: port
      .nullable()
      .default(null)
      .describe('Port of a Prometheus endpoint to announce as well; null announces none.'),
    max_body_mib: z.number().min(0.1).max(256).default(24).describe('Largest request body, in MiB.'),
    max_header_kib: z.int().min(4).max(64).default(16).describe('Largest request head, in KiB.'),
    header_timeout_s: seconds(0.1, 60).default(10).describe('Time to send the request head, in seconds.'),
    request_timeout_s: seconds(0.1, 120)
      .default(15)
      .describe('Time to send a whole request, head and body, in seconds.'),
    keep_alive_s: seconds(1, 600).default(25).describe('How long an idle connection stays open, in seconds.'),
    max_connections: z.int().min(1).max(65_535).default(1024).describe('Most connections at a time.'),
    max_connections_per_address: z
      .int()
      .min(1)
      .max(65_535)
      .default(128)
      .describe('Most connections at a time from one address.'),
    max_timeout_s: seconds(1, 600)
      .default(60)
      .describe('The caller’s own time-out header is unsigned; more than this, in seconds, is not believed.'),
    ping: z
      .enum(['anyone', 'allowed', 'off'])
      .default('allowed')
      .describe('Who may ping on /Synapse: anyone with a key, allowed callers only, or nobody.'),
  })
  .prefault({});

/** The door of SDK 11. */
export const btauth = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether requests signed by btauth/1 (SDK 11) are answered.'),
    route: route.default('/predict').describe('Path of that door.'),
    require_receiver: z
      .boolean()
      .default(true)
      .describe('Whether the signature must name this hotkey as the receiver.'),
    max_age_s: seconds(1, 300).default(10).describe('Oldest signature accepted, in seconds.'),
    skew_s: seconds(0, 60).default(2).describe('How far ahead a caller’s clock may be, in seconds.'),
    ed25519: z.boolean().default(false).describe('Whether ed25519 hotkeys may sign.'),
  })
  .prefault({});

/** Who is answered. */
export const callers = z
  .strictObject({
    file: z
      .string()
      .nullable()
      .default(null)
      .describe('File of hotkeys that may ask: one address a line, a stake in TAO may follow.'),
    allow_any: z
      .boolean()
      .default(false)
      .describe('Answer every hotkey that signs: for trying things out only.'),
    validators: z
      .boolean()
      .default(true)
      .describe('Answer the subnet’s validators, as the chain lists them; the file adds to them.'),
    require_permit: z
      .boolean()
      .default(true)
      .describe('Whether a hotkey of the subnet needs a validator permit to be answered.'),
    min_stake: z
      .number()
      .min(0)
      .max(21_000_000)
      .default(0)
      .describe('Least stake of a hotkey of the subnet to be answered, in TAO as the consensus counts it.'),
    max_age_h: z
      .number()
      .min(0.1)
      .max(8_760)
      .default(168)
      .describe(
        'How old the list of validators may grow while no endpoint of the chain answers, in hours; then none is answered.',
      ),
  })
  .prefault({});
