import { axonMessage, EMPTY_BODY_HASH, parsePyFloat, pyFloat } from '../wire/index.ts';
import type { Door, Incoming, Outcome } from './door.ts';
import { type Head, parseSignature, Refusal } from './head.ts';
import { decodeImageField } from './image-field.ts';
import type { AxonLimits } from './options.ts';
import { headerText, type Reply } from './reply.ts';

/** Seconds a nonce may be old beside the caller's timeout, as the SDK has it. */
const ALLOWED_DELTA_SECONDS = 4;
/** What a synapse says when nobody set a timeout. */
const DEFAULT_TIMEOUT = 12;
const NOT_VERIFIED = 'Not Verified with error: ';

export interface SynapseDoorOptions {
  readonly hotkey: string;
  readonly limits: AxonLimits;
  readonly modelUrl: string;
}

/** The protocol of SDK 7.2 to 10: synapse objects in `bt_header_*` headers and a JSON body. */
export function synapseDoor({ hotkey: axonHotkey, limits, modelUrl }: SynapseDoorOptions): Door {
  /** Python's `float()` of an unsigned header, so within bounds: it must not stretch the window. */
  function timeoutSeconds({ headers }: Incoming): number | undefined {
    const text = headers.get('timeout');
    if (text === undefined) return 0;
    const seconds = parsePyFloat(text);
    if (seconds === undefined) return undefined;
    return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), limits.timeoutMs / 1000);
  }

  const unverified = (reason: ConstructorParameters<typeof Refusal>[1], text: string) =>
    new Refusal(401, reason, NOT_VERIFIED + text);

  return {
    protocol: 'axon',
    methods: ['GET', 'POST'],
    signsBody: false,
    allowWrapped: true,

    caller({ headers }) {
      const hotkey = headers.get('bt_header_dendrite_hotkey') ?? '';
      return hotkey === '' ? forbidden('Missing dendrite hotkey', 'missing-hotkey') : hotkey;
    },

    head(incoming, hotkey) {
      const { headers } = incoming;
      const seconds = timeoutSeconds(incoming);
      if (seconds === undefined) return malformed('timeout');
      const nonceText = headers.get('bt_header_dendrite_nonce') ?? '';
      if (nonceText === '') return unverified('missing-nonce', 'Missing Nonce');
      if (!/^\d{1,20}$/.test(nonceText)) return malformed('bt_header_dendrite_nonce');
      const signatureText = headers.get('bt_header_dendrite_signature') ?? '';
      if (signatureText === '') return unverified('signature-form', 'Missing signature');
      const signature = parseSignature(signatureText);
      if (signature === undefined) {
        return unverified('signature-form', 'Invalid signature format. Expected hex string.');
      }
      const nonce = BigInt(nonceText);
      const uuid = headers.get('bt_header_dendrite_uuid') ?? null;
      if (uuid !== null && uuid.length > 128) return malformed('bt_header_dendrite_uuid');
      return {
        hotkey,
        uuid,
        nonce,
        scheme: 'sr25519',
        signature,
        id: `${uuid}.${nonce}`,
        timeoutMs: seconds > 0 ? seconds * 1000 : Math.min(limits.defaultTimeoutMs, limits.timeoutMs),
        freshness: {
          maxAgeNs: BigInt(Math.round((ALLOWED_DELTA_SECONDS + seconds) * 1e9)),
          inclusive: false,
          futureNs: BigInt(limits.futureMs) * 1_000_000n,
        },
      };
    },

    stale(verdict, head, nowNs) {
      if (verdict === 'future') return unverified('future', 'Nonce is too far in the future');
      const delta = (Number(head.freshness.maxAgeNs) / 1e9).toFixed(2);
      const age = (Number(nowNs - head.nonce) / 1e9).toFixed(2);
      return unverified(
        'stale',
        `Nonce is too old: acceptable delta is ${delta} seconds but request was ${age} seconds old`,
      );
    },

    replayed: () => unverified('replay', 'Nonce is too old, a newer one was last processed'),
    badSignature: () => unverified('bad-signature', 'Signature mismatch'),
    badHotkey: (hotkey) => unverified('malformed-head', `Invalid SS58 address: ${hotkey.slice(0, 64)}`),
    forbidden: (reason) => forbidden(reason, 'not-permitted'),

    message({ headers }, head) {
      const text = axonMessage({
        nonce: head.nonce.toString(),
        dendriteHotkey: head.hotkey,
        axonHotkey,
        uuid: head.uuid ?? 'None',
        bodyHash: headers.get('computed_body_hash') ?? 'None',
      });
      return Buffer.from(text, 'utf8');
    },

    bodyProblem({ headers }) {
      // None of the served synapses has required fields, so an honest hash is always that of nothing.
      if ((headers.get('computed_body_hash') ?? '') !== EMPTY_BODY_HASH) {
        return new Refusal(500, 'body-hash', '');
      }
      const type = headers.get('content-type');
      if (type !== undefined && !/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
        return new Refusal(415, 'media-type', 'The body must be application/json.');
      }
      return undefined;
    },

    image(_incoming, body) {
      const found = decodeImageField(body);
      if (found.ok) return found.image;
      return found.problem === 'syntax'
        ? new Refusal(422, 'bad-body', 'The body is not valid JSON.')
        : new Refusal(500, 'bad-body', '');
    },

    refusal(incoming, refusal, seconds) {
      const echo = refusal.status === 404 || refusal.status === 400 ? [] : echoHeaders(incoming);
      return {
        status: refusal.status,
        headers: [
          'name',
          echo.length === 0 ? 'Synapse' : incoming.route,
          'timeout',
          pyFloat((echo.length === 0 ? 0 : timeoutSeconds(incoming)) || DEFAULT_TIMEOUT),
          'bt_header_axon_status_code',
          String(refusal.status),
          'bt_header_axon_status_message',
          headerText(refusal.message),
          'bt_header_axon_process_time',
          pyFloat(seconds),
          ...echo,
          ...TAIL,
        ],
        body: JSON.stringify({ message: headerText(refusal.message) }),
      };
    },

    success(incoming, head, outcome) {
      return success(incoming, head, outcome, timeoutSeconds(incoming) || DEFAULT_TIMEOUT, modelUrl);
    },
  };
}

/** Sizes are Python-internal numbers that nobody reads; they only must be integers. */
const TAIL = [
  'header_size',
  '0',
  'total_size',
  '0',
  'computed_body_hash',
  EMPTY_BODY_HASH,
  'content-type',
  'application/json',
];

function forbidden(reason: string, kind: 'missing-hotkey' | 'not-permitted'): Refusal {
  return new Refusal(403, kind, `Forbidden. Key is blacklisted: ${reason}.`);
}

function malformed(header: string): Refusal {
  return new Refusal(400, 'malformed-head', `Header ${header} cannot be read.`);
}

/** A header of the request as it may stand in a response; undefined when it is absent. */
function echoed({ headers }: Incoming, name: string): string | undefined {
  const value = headers.get(name);
  return value === undefined ? undefined : headerText(value, 128);
}

function echoedInteger(incoming: Incoming, name: string): string | undefined {
  const value = incoming.headers.get(name);
  return value !== undefined && /^(0|[1-9]\d{0,19})$/.test(value) ? value : undefined;
}

function echoHeaders(incoming: Incoming): string[] {
  const pairs: [string, string | undefined][] = [
    ['bt_header_axon_ip', echoed(incoming, 'bt_header_axon_ip')],
    ['bt_header_axon_port', echoedInteger(incoming, 'bt_header_axon_port')],
    ['bt_header_axon_hotkey', echoed(incoming, 'bt_header_axon_hotkey')],
    ['bt_header_dendrite_ip', incoming.address],
    ['bt_header_dendrite_port', String(incoming.port)],
    ['bt_header_dendrite_version', echoedInteger(incoming, 'bt_header_dendrite_version')],
    ['bt_header_dendrite_nonce', echoedInteger(incoming, 'bt_header_dendrite_nonce')],
    ['bt_header_dendrite_uuid', echoed(incoming, 'bt_header_dendrite_uuid')],
    ['bt_header_dendrite_hotkey', echoed(incoming, 'bt_header_dendrite_hotkey')],
    ['bt_header_dendrite_signature', echoed(incoming, 'bt_header_dendrite_signature')],
  ];
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

/**
 * Nothing of the body is echoed, least of all the image: validators read the prediction, and fields that are missing
 * become their class's defaults. `dendrite` must be an object, though: null ends a validator's whole round on SDK 10.
 */
function success(incoming: Incoming, head: Head, outcome: Outcome, timeout: number, modelUrl: string): Reply {
  const text = (name: string) => echoed(incoming, name) ?? null;
  const dendriteIp = text('bt_header_dendrite_ip');
  const version = echoedInteger(incoming, 'bt_header_dendrite_version') ?? null;
  const signature = text('bt_header_dendrite_signature');
  const axonIp = text('bt_header_axon_ip');
  const axonPort = echoedInteger(incoming, 'bt_header_axon_port') ?? null;
  const axonHotkey = text('bt_header_axon_hotkey');
  const seconds = pyFloat(outcome.processSeconds);
  const json = JSON.stringify;
  const fields =
    (incoming.route === 'ExtendedImageSynapse' ? `,"model_url":${json(modelUrl)}` : '') +
    (outcome.prediction === null ? '' : `,"prediction":${json(outcome.prediction)}`);
  // Assembled as text because the nonce is an integer that JavaScript's numbers cannot hold.
  const body =
    `{"name":${json(incoming.route)},"timeout":${pyFloat(timeout)},"total_size":0,"header_size":0,` +
    `"dendrite":{"status_code":200,"status_message":"Success","process_time":null,"ip":${json(dendriteIp)},` +
    `"port":null,"version":${version},"nonce":${head.nonce},"uuid":${json(head.uuid)},"hotkey":${json(head.hotkey)},` +
    `"signature":${json(signature)}},` +
    `"axon":{"status_code":200,"status_message":"Success","process_time":${seconds},"ip":${json(axonIp)},` +
    `"port":${axonPort},"version":null,"nonce":null,"uuid":null,"hotkey":${json(axonHotkey)},"signature":null},` +
    `"computed_body_hash":""${fields}}`;
  const headers = [
    'name',
    incoming.route,
    'timeout',
    pyFloat(timeout),
    'bt_header_axon_status_code',
    '200',
    'bt_header_axon_status_message',
    'Success',
    'bt_header_axon_process_time',
    seconds,
  ];
  const add = (name: string, value: string | null) => {
    if (value !== null) headers.push(name, value);
  };
  add('bt_header_axon_ip', axonIp);
  add('bt_header_axon_port', axonPort);
  add('bt_header_axon_hotkey', axonHotkey);
  add('bt_header_dendrite_ip', dendriteIp);
  add('bt_header_dendrite_version', version);
  headers.push('bt_header_dendrite_nonce', head.nonce.toString());
  add('bt_header_dendrite_uuid', text('bt_header_dendrite_uuid'));
  headers.push('bt_header_dendrite_hotkey', head.hotkey);
  add('bt_header_dendrite_signature', signature);
  headers.push(...TAIL);
  return { status: 200, headers, body };
}
