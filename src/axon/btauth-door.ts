import { createHash } from 'node:crypto';
import { btauthPayload } from '../wire/index.ts';
import type { Door, Incoming } from './door.ts';
import { type Head, parseSignature, Refusal } from './head.ts';
import { decodeImageField } from './image-field.ts';
import type { AxonLimits, BtauthOptions } from './options.ts';
import { headerText, jsonReply } from './reply.ts';

export interface BtauthDoorOptions {
  readonly hotkey: string;
  readonly limits: AxonLimits;
  readonly btauth: BtauthOptions;
}

/** Nanoseconds since 1970 in one spelling only; Python's `int()` takes dozens. */
const NONCE = /^[1-9][0-9]{18,19}$/;

/** The protocol of SDK 11: any HTTP request, signed with method, target, body hash, nonce, sender and receiver. */
export function btauthDoor({ hotkey: axonHotkey, limits, btauth }: BtauthDoorOptions): Door {
  return {
    protocol: 'btauth',
    methods: ['POST'],
    signsBody: true,
    allowWrapped: false,

    caller({ headers, target }) {
      if (headers.get('x-bittensor-version') !== '1') return malformed('X-Bittensor-Version');
      for (const [name, value] of headers) {
        if (name.startsWith('x-bittensor-') && /[^\x21-\x7e]/.test(value)) return malformed(name);
      }
      if (/[^\x21-\x7e]/.test(target)) return malformed('the request target');
      const hotkey = headers.get('x-bittensor-hotkey') ?? '';
      return hotkey === '' ? malformed('X-Bittensor-Hotkey') : hotkey;
    },

    head({ headers }, hotkey) {
      const nonceText = headers.get('x-bittensor-nonce') ?? '';
      if (!NONCE.test(nonceText)) return malformed('X-Bittensor-Nonce');
      const scheme = headers.get('x-bittensor-crypto') ?? 'sr25519';
      if (scheme !== 'sr25519' && !(scheme === 'ed25519' && btauth.allowEd25519)) {
        return malformed('X-Bittensor-Crypto');
      }
      const signature = parseSignature(headers.get('x-bittensor-signature') ?? '');
      if (signature === undefined) return malformed('X-Bittensor-Signature', 'signature-form');
      const receiver = headers.get('x-bittensor-receiver');
      if (receiver === undefined ? btauth.requireReceiver : receiver !== axonHotkey) {
        return new Refusal(401, 'wrong-receiver', 'WrongReceiver: the request is not bound to this hotkey.');
      }
      return {
        hotkey,
        uuid: null,
        nonce: BigInt(nonceText),
        scheme,
        signature,
        id: nonceText,
        timeoutMs: Math.min(limits.defaultTimeoutMs, limits.timeoutMs),
        freshness: {
          maxAgeNs: BigInt(btauth.maxAgeMs) * 1_000_000n,
          inclusive: true,
          futureNs: BigInt(btauth.skewMs) * 1_000_000n,
        },
      };
    },

    stale: (verdict) =>
      new Refusal(
        401,
        verdict,
        verdict === 'stale'
          ? 'StaleRequest: the nonce is too old.'
          : 'StaleRequest: the nonce is ahead of the clock.',
      ),
    replayed: () => new Refusal(401, 'replay', 'ReplayedRequest: this nonce was used before.'),
    badSignature: () =>
      new Refusal(401, 'bad-signature', 'BadSignature: the signature is not valid for this request.'),
    badHotkey: () => malformed('X-Bittensor-Hotkey'),
    forbidden: (reason) => new Refusal(403, 'not-permitted', `Forbidden: ${reason}`),

    message(incoming, head, body) {
      return btauthPayload({
        scheme: head.scheme,
        method: incoming.method,
        target: incoming.target,
        bodySha256: createHash('sha256')
          .update(body ?? '')
          .digest('hex'),
        nonce: head.nonce.toString(),
        hotkey: head.hotkey,
        receiver: incoming.headers.get('x-bittensor-receiver'),
      });
    },

    bodyProblem: (incoming) =>
      mediaType(incoming) === 'other'
        ? new Refusal(
            415,
            'media-type',
            'The body must be application/json, or an image or a clip by itself.',
          )
        : undefined,

    image(incoming, body) {
      if (mediaType(incoming) === 'image') return body;
      const found = decodeImageField(body);
      if (found.ok) return found.image;
      return found.problem === 'syntax'
        ? new Refusal(422, 'bad-body', 'The body is not valid JSON.')
        : new Refusal(422, 'bad-body', 'The body must be a JSON object whose "image" is a base64 string.');
    },

    refusal: (_incoming, refusal) => jsonReply(refusal.status, { message: headerText(refusal.message) }),

    success: (_incoming, _head: Head, { prediction, processSeconds }) =>
      jsonReply(200, {
        prediction,
        hotkey: axonHotkey,
        process_time: Math.round(processSeconds * 1e6) / 1e6,
      }),
  };
}

function malformed(what: string, reason: 'malformed-head' | 'signature-form' = 'malformed-head'): Refusal {
  return new Refusal(401, reason, `MalformedAuth: ${what} is missing or cannot be read.`);
}

function mediaType({ headers }: Incoming): 'json' | 'image' | 'other' {
  const type = (headers.get('content-type') ?? 'application/json').toLowerCase();
  if (/^application\/([\w.+-]+\+)?json\s*(;|$)/.test(type)) return 'json';
  return /^((image|video)\/[\w.+-]+|application\/octet-stream)\s*(;|$)/.test(type) ? 'image' : 'other';
}
