import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ss58Decode } from '../wallet/index.ts';
import { answerInTime } from './answer.ts';
import { announcedLength, type ByteBudget, readBody, TOO_LARGE } from './body.ts';
import type { Clock } from './clock.ts';
import type { Connection, Connections } from './connections.ts';
import { discard } from './discard.ts';
import type { Incoming } from './door.ts';
import type { Observer, Timings } from './events.ts';
import { type Head, judgeFreshness, Refusal, readHeaders } from './head.ts';
import type { Lru } from './lru.ts';
import type { AxonLimits, AxonOptions, CallerVerdict } from './options.ts';
import type { ReplayGuard } from './replay.ts';
import type { Reply } from './reply.ts';
import { type VerifiedRequest, verifiedRequest } from './request.ts';
import type { Route, Router } from './routes.ts';
import { send } from './send.ts';
import type { Verifier } from './verifier.ts';

/** What all requests of one axon share. */
export interface Shared {
  readonly hotkey: string;
  readonly options: Pick<AxonOptions, 'answer' | 'callerPolicy' | 'fallback' | 'admission'>;
  readonly limits: AxonLimits;
  readonly router: Router;
  readonly verifier: Verifier;
  readonly replays: ReplayGuard;
  readonly connections: Connections;
  readonly verifiedBodies: ByteBudget;
  readonly unverifiedBodies: ByteBudget;
  readonly publicKeys: Lru<string, Uint8Array>;
  readonly observe: Observer | undefined;
  readonly clock: Clock;
  readonly isDraining: () => boolean;
}

/** The longest window in which an accepted nonce could come again (ns), beside the caller's timeout. */
const REPLAY_SLACK_NS = 10_000_000_000n;

/** How much of a nonce's age counts against the caller's timeout: its timer started about when the nonce was made. */
const AGE_COUNTS_MS = 2_000;

/**
 * One request, from its head to its answer. Each step costs more than the one before and is only taken when that one
 * held: route, caller allowed, nonce fresh and unseen, signature, body, image, answer.
 */
export class Exchange {
  readonly #shared: Shared;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #connection: Connection;
  readonly #expectsContinue: boolean;
  readonly #startedAt: number;
  readonly #startedNs: bigint;
  readonly #timings: { -readonly [K in keyof Timings]: Timings[K] } = { totalMs: 0 };
  readonly #abort = new AbortController();
  #verified: VerifiedRequest | null = null;
  #closing = false;

  constructor(
    shared: Shared,
    request: IncomingMessage,
    response: ServerResponse,
    connection: Connection,
    expectsContinue: boolean,
  ) {
    this.#shared = shared;
    this.#request = request;
    this.#response = response;
    this.#connection = connection;
    this.#expectsContinue = expectsContinue;
    this.#closing = expectsContinue;
    this.#startedAt = shared.clock.monotonicMs();
    this.#startedNs = shared.clock.wallNs();
  }

  async run(): Promise<void> {
    const { router, observe, hotkey } = this.#shared;
    const target = this.#request.url ?? '/';
    const route = router.find(target);
    const incoming: Incoming = {
      method: this.#request.method ?? 'GET',
      target,
      headers: new Map(),
      route: route?.name ?? '',
      address: this.#connection.address,
      port: this.#connection.port,
    };
    this.#response.once('close', () => {
      if (this.#response.headersSent) return;
      this.#abort.abort();
      observe?.({ type: 'gone', axon: hotkey, request: this.#verified, address: this.#connection.address });
    });
    try {
      if (route === undefined) return this.#refuse(undefined, incoming, router.unknown(target));
      const headers = readHeaders(this.#request.rawHeaders);
      if (headers instanceof Refusal) return this.#refuse(route, incoming, headers);
      await this.#serve(route, { ...incoming, headers });
    } catch (error) {
      const id = randomUUID();
      observe?.({ type: 'crash', axon: hotkey, request: this.#verified, id, error });
      this.#refuse(route, incoming, internal(id));
    }
  }

  async #serve(route: Route, incoming: Incoming): Promise<void> {
    const { door } = route;
    const { limits, clock } = this.#shared;
    const refuse = (refusal: Refusal) => this.#refuse(route, incoming, refusal);

    if (!door.methods.includes(incoming.method)) {
      return refuse(new Refusal(405, 'method', 'Method Not Allowed'));
    }
    const hotkey = door.caller(incoming);
    if (hotkey instanceof Refusal) return refuse(hotkey);
    const verdict = this.#policy(route, hotkey);
    if (!verdict.allow) return refuse(door.forbidden(verdict.reason));

    const head = door.head(incoming, hotkey);
    if (head instanceof Refusal) return refuse(head);
    const early = this.#judgeHead(route, head);
    if (early !== undefined) return refuse(early);

    let body: { readonly bytes: Buffer; readonly release: () => void } | undefined;
    try {
      if (door.signsBody) {
        const received = await this.#receive(route, incoming);
        if (received === 'gone') return;
        if (received instanceof Refusal) return refuse(received);
        body = received;
      }
      const signature = await this.#checkSignature(route, incoming, head, verdict, body?.bytes);
      if (signature === 'gone') return;
      if (signature !== undefined) return refuse(signature);

      const timeoutMs = head.timeoutMs;
      const ageMs = Math.max(0, Number(this.#startedNs - head.nonce) / 1e6);
      const lostMs = Math.min(ageMs, AGE_COUNTS_MS, timeoutMs / 4);
      const request = verifiedRequest({
        protocol: door.protocol,
        route: route.name,
        hotkey,
        uuid: head.uuid,
        nonce: head.nonce.toString(),
        stake: verdict.stake,
        remoteAddress: this.#connection.address,
        receivedAt: this.#startedAt,
        deadline: this.#startedAt + timeoutMs - lostMs - Math.min(limits.marginMs, timeoutMs / 4),
        signal: this.#abort.signal,
      });
      this.#verified = request;
      if (route.kind === 'ping') return this.#answered(route, incoming, head, request, null, null, 0, 0);

      if (body === undefined) {
        const received = await this.#receive(route, incoming);
        if (received === 'gone') return;
        if (received instanceof Refusal) return refuse(received);
        body = received;
      }
      const decoding = clock.monotonicMs();
      const image = door.image(incoming, body.bytes);
      this.#timings.decodeMs = clock.monotonicMs() - decoding;
      if (image instanceof Refusal || image.buffer !== body.bytes.buffer) discard(body.bytes);
      if (image instanceof Refusal) return refuse(image);
      await this.#answer(route, incoming, head, request, image);
    } finally {
      body?.release();
    }
  }

  #policy(route: Route, hotkey: string): CallerVerdict {
    const verdict = this.#shared.options.callerPolicy(hotkey);
    return verdict.allow || !route.anyone ? verdict : { allow: true, stake: 0n };
  }

  /** All that can be told from the head without a signature check. */
  #judgeHead({ door }: Route, head: Head): Refusal | undefined {
    const { replays, limits } = this.#shared;
    const freshness = judgeFreshness(head.nonce, this.#startedNs, head.freshness);
    if (freshness !== 'fresh') return door.stale(freshness, head, this.#startedNs);
    if (replays.isReplay(head.hotkey, head.id, head.nonce)) return door.replayed();
    return (announcedLength(this.#request) ?? 0) > limits.bodyBytes ? TOO_LARGE(limits.bodyBytes) : undefined;
  }

  async #receive({ door }: Route, incoming: Incoming): ReturnType<typeof readBody> {
    const { limits, clock, verifiedBodies, unverifiedBodies } = this.#shared;
    const problem = door.bodyProblem(incoming);
    if (problem !== undefined) return problem;
    const encoding = incoming.headers.get('content-encoding');
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      return new Refusal(415, 'media-type', 'Compressed bodies are not taken.');
    }
    const started = clock.monotonicMs();
    if (this.#expectsContinue) this.#response.writeContinue();
    this.#closing = false;
    const proved = this.#verified !== null || this.#connection.valid > 0;
    const budget = proved ? verifiedBodies : unverifiedBodies;
    const result = await readBody(this.#request, { limit: limits.bodyBytes, budget });
    this.#timings.bodyMs = clock.monotonicMs() - started;
    return result;
  }

  /** @returns undefined when the signature is valid and the request the first of its kind */
  async #checkSignature(
    { door }: Route,
    incoming: Incoming,
    head: Head,
    verdict: CallerVerdict,
    body: Uint8Array | undefined,
  ): Promise<Refusal | 'gone' | undefined> {
    const { verifier, replays, clock, limits } = this.#shared;
    const publicKey = this.#publicKey(head.hotkey);
    if (publicKey === undefined) return door.badHotkey(head.hotkey);
    const started = clock.monotonicMs();
    const result = await verifier.check({
      scheme: head.scheme,
      publicKey,
      message: door.message(incoming, head, body),
      signature: head.signature,
      allowWrapped: door.allowWrapped,
      stake: verdict.allow && verdict.listed ? verdict.stake : undefined,
      source: {
        address: this.#connection.source,
        session: `${head.hotkey} ${head.uuid}`,
        connection: this.#connection,
      },
    });
    this.#timings.verifyMs = clock.monotonicMs() - started;
    if (result === 'gone') return 'gone';
    if (result === 'busy') return new Refusal(503, 'busy', 'Too many signatures wait to be checked.');
    if (result === 'invalid') return door.badSignature();
    const staleBefore = this.#startedNs - BigInt(limits.timeoutMs) * 1_000_000n - REPLAY_SLACK_NS;
    return replays.accept(head.hotkey, head.id, head.nonce, staleBefore) ? undefined : door.replayed();
  }

  #publicKey(hotkey: string): Uint8Array | undefined {
    const { publicKeys } = this.#shared;
    const known = publicKeys.get(hotkey);
    if (known !== undefined) return known;
    try {
      const publicKey = ss58Decode(hotkey);
      publicKeys.set(hotkey, publicKey);
      return publicKey;
    } catch {
      return undefined;
    }
  }

  async #answer(
    route: Route,
    incoming: Incoming,
    head: Head,
    request: VerifiedRequest,
    image: Uint8Array,
  ): Promise<void> {
    const { clock, observe, hotkey, options } = this.#shared;
    const started = clock.monotonicMs();
    const result = await answerInTime(request, image, {
      ...options,
      now: clock.monotonicMs,
      onCrash: (id, error) => observe?.({ type: 'crash', axon: hotkey, request, id, error }),
    });
    const answerMs = clock.monotonicMs() - started;
    this.#timings.answerMs = answerMs;
    this.#abort.abort();
    if (result.prediction !== undefined) {
      const { prediction, fallback } = result;
      return this.#answered(route, incoming, head, request, prediction, fallback, answerMs, image.length);
    }
    const { status, reason, id } = result;
    observe?.({ type: 'failed', axon: hotkey, request, status, reason, id, timings: this.#total() });
    this.#send(route.door.refusal(incoming, new Refusal(status, 'busy', result.message), answerMs / 1000));
  }

  #answered(
    route: Route,
    incoming: Incoming,
    head: Head,
    request: VerifiedRequest,
    prediction: number | null,
    fallback: Extract<Awaited<ReturnType<typeof answerInTime>>, { prediction: number }>['fallback'],
    answerMs: number,
    imageBytes: number,
  ): void {
    const sent = this.#send(
      route.door.success(incoming, head, { prediction, processSeconds: answerMs / 1000 }),
    );
    if (!sent) return;
    this.#shared.observe?.({
      type: 'answered',
      axon: this.#shared.hotkey,
      request,
      status: 200,
      prediction,
      fallback,
      imageBytes,
      timings: this.#total(),
    });
  }

  #refuse(route: Route | undefined, incoming: Incoming, given: Refusal): void {
    const refusal = given.message === '' ? withId(given) : given;
    const door = route?.door ?? this.#shared.router.fallback;
    const timings = this.#total();
    this.#send(
      refusal.status === 405
        ? notAllowed(door.methods)
        : door.refusal(incoming, refusal, timings.totalMs / 1000),
    );
    this.#shared.observe?.({
      type: 'refused',
      axon: this.#shared.hotkey,
      protocol: route?.door.protocol ?? null,
      status: refusal.status,
      reason: refusal.reason,
      message: refusal.message,
      address: this.#connection.address,
      route: route?.name ?? incoming.target.slice(0, 100),
      claimedHotkey: claimedHotkey(route, incoming),
      timings,
    });
  }

  /** @returns false when there is nobody left to send it to */
  #send(reply: Reply): boolean {
    this.#connection.busy = false;
    if (this.#response.destroyed || this.#response.headersSent) return false;
    const close = this.#closing || this.#shared.isDraining();
    send(this.#request, this.#response, reply, { close });
    return true;
  }

  #total(): Timings {
    this.#timings.totalMs = this.#shared.clock.monotonicMs() - this.#startedAt;
    return this.#timings;
  }
}

function notAllowed(methods: readonly string[]): Reply {
  return {
    status: 405,
    headers: ['allow', methods.join(', '), 'content-type', 'application/json'],
    body: '{"detail":"Method Not Allowed"}',
  };
}

function claimedHotkey(route: Route | undefined, incoming: Incoming): string | null {
  const hotkey = route?.door.caller(incoming);
  return typeof hotkey === 'string' ? hotkey.slice(0, 64) : null;
}

/** Failures that the caller is told no more about than an id to quote. */
function internal(id: string): Refusal {
  return new Refusal(500, 'bad-body', `Internal Server Error #${id}`);
}

function withId(refusal: Refusal): Refusal {
  return new Refusal(refusal.status, refusal.reason, `Internal Server Error #${randomUUID()}`);
}
