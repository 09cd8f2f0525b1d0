import { z } from 'zod';
import { container } from './container.ts';
import { resolveNetwork } from './networks.ts';
import { DEFAULT_WALLET_PATH } from './wallet-folder.ts';

const port = z.int().min(0).max(65_535);
const seconds = (least: number, most: number) => z.number().min(least).max(most);
const route = z.string().regex(/^\/[A-Za-z0-9._~/-]*$/, 'must be a path such as /predict');
const endpoint = z
  .string()
  .max(2048)
  .refine((value) => /^wss?:$/.test(protocolOf(value)), 'must be ws:// or wss:// URLs');
const name = z.string().min(1).max(255);
const day = z.number().min(0).max(3650);
const repository = z
  .string()
  .max(200)
  .regex(/^\S+\/\S+$/, 'must be owner/name');
const webAddress = z
  .string()
  .max(2048)
  .refine((value) => /^https?:$/.test(protocolOf(value)), 'must be an http(s) URL');
const secretFile = z.string().min(1).max(4096).nullable().default(null);

/** An inference server, as profiles and stages of profiles name it. */
const server = z
  .strictObject({
    url: z
      .string()
      .max(2048)
      .nullable()
      .default(null)
      .describe(
        'Base URL of the inference server (engines oip and openai), for example http://127.0.0.1:8000.',
      ),
    model: z
      .string()
      .min(1)
      .max(200)
      .nullable()
      .default(null)
      .describe(
        'Name of the model on the server; null: the name of the bundle (oip), the only model that it has (openai).',
      ),
    token_env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .nullable()
      .default(null)
      .describe('Environment variable that holds a token for the server.'),
    token_file: secretFile.describe('File that holds a token for the server, instead of a variable.'),
    remote: z
      .boolean()
      .default(false)
      .describe('Whether pictures may be sent to a server on another machine.'),
    ready_s: seconds(1, 3600)
      .default(20)
      .describe('How long the server may take to be ready when the miner starts, in seconds.'),
    vendor: z
      .enum(['auto', 'vllm', 'sglang', 'max', 'llama.cpp', 'generic'])
      .default('auto')
      .describe(
        'Whose fields beyond the common ones are sent (engine openai); auto: as the server calls itself.',
      ),
    prompt: z
      .string()
      .min(1)
      .max(8_000)
      .nullable()
      .default(null)
      .describe('Question put beside the picture (engine openai), to be answered Yes or No; null: our own.'),
    max_tokens: z
      .int()
      .min(1)
      .max(4_096)
      .default(1)
      .describe(
        'Most tokens of an answer (engine openai); more than one only for models that say more first.',
      ),
    concurrency: z
      .int()
      .min(1)
      .max(256)
      .default(8)
      .describe('Pictures that are asked about at the same time (engine openai).'),
    image_side: z
      .int()
      .min(32)
      .max(4_096)
      .default(1_024)
      .describe('Longest side of the pictures that are sent (engine openai); larger ones are made smaller.'),
    price_input: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe('Price of a million tokens that are sent, pictures included, in the money of the budget.'),
    price_output: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe('Price of a million tokens that are answered, in the money of the budget.'),
    budget_per_day: z
      .union([z.literal('unlimited'), z.number().min(0).max(1_000_000)])
      .nullable()
      .default(null)
      .describe(
        'Most money for this server in a day (UTC); a server on another machine (engine openai) needs one, or "unlimited".',
      ),
    container,
  })
  .prefault({});

/** What a profile and a stage of one have in common: which model, and where it runs. */
const engine = z.enum(['onnx', 'oip', 'openai']);
const bundle = z.string().min(1);
const device = z.enum(['auto', 'cpu', 'cuda', 'tensorrt']);
const precision = z.enum(['auto', 'fp32', 'fp16', 'int8']);
const variant = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
const threads = z.union([z.literal('auto'), z.int().min(1).max(256)]);
const processes = z.int().min(1).max(64);

const stage = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be small letters, digits and dashes')
    .describe('Name of the stage, in the log and in the file of the cascade.'),
  engine: engine.optional().describe('As of the profile, which is taken where the stage says nothing.'),
  bundle: bundle.optional().describe('As of the profile.'),
  device: device.optional().describe('As of the profile.'),
  precision: precision.optional().describe('As of the profile.'),
  variant: variant.optional().describe('As of the profile.'),
  threads: threads.optional().describe('As of the profile.'),
  processes: processes.optional().describe('As of the profile.'),
  server: server.unwrap().optional().describe('As of the profile; where it is given, as a whole.'),
  tta: z
    .enum(['none', 'flip', 'crops'])
    .default('none')
    .describe(
      'Further look at pictures that are doubtful after this stage: flip: the mirror image; crops: two parts as well.',
    ),
  cost_per_1000: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('What a thousand pictures cost, in any money: for the trade-off of `cascade fit`.'),
});

const profile = (defaults: {
  threads: 'auto' | number;
  cacheEntries: number;
  deadline: number;
  modality: 'image' | 'video';
}) =>
  z
    .strictObject({
      modality: z
        .enum(['image', 'video'])
        .default(defaults.modality)
        .describe('What the profile answers: image or video.'),
      engine: engine
        .default('onnx')
        .describe(
          'Where the model runs: onnx (in this machine, embedded), oip or openai (an inference server).',
        ),
      bundle: bundle
        .default('demo')
        .describe('Model bundle: a directory, or "demo" for the demonstration model that comes with sv72.'),
      device: device
        .default('auto')
        .describe('Device of the embedded engine; auto takes the best one that works here.'),
      precision: precision
        .default('auto')
        .describe('Precision of the model of the bundle to run; auto leaves the choice to variant.'),
      variant: variant
        .default('auto')
        .describe(
          'Which model of the bundle to run, as `sv72 bundle variants` names them; auto takes the one that is worth it on the device and passed its gate.',
        ),
      threads: threads
        .default(defaults.threads)
        .describe('Threads of one inference; auto fits the model to the machine.'),
      processes: processes.default(1).describe('Engine processes that answer side by side.'),
      prior: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe(
          'Probability answered when there is no picture to look at or no time; exactly 0.5 counts as "no roadwork".',
        ),
      answer_within_s: seconds(0.5, 60)
        .default(defaults.deadline)
        .describe(
          'Latest answer, in seconds after the request arrived; the caller’s own time-out is kept too.',
        ),
      server,
      launch: z
        .enum(['none', 'auto'])
        .default('none')
        .describe(
          'Whether `serve` starts the inference servers of the profile that do not run yet, in containers.',
        ),
      stages: z
        .array(stage)
        .max(4)
        .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'must have different names')
        .default([])
        .describe(
          'Models that answer one after another until one is sure, each with what differs from the profile; none: the profile’s own fields are the one model.',
        ),
      clip_frames: z
        .int()
        .min(1)
        .max(64)
        .default(8)
        .describe('Frames of a clip that are looked at, where the profile answers video.'),
      cascade: z
        .string()
        .min(1)
        .nullable()
        .default(null)
        .describe('File of `sv72 cascade fit`: how the stages are weighed, and when one is sure.'),
      cache_entries: z
        .int()
        .min(0)
        .max(1_000_000)
        .default(defaults.cacheEntries)
        .describe('Answers remembered by the hash of the picture; 0 remembers none.'),
      cache_ttl_s: seconds(1, 86_400).default(600).describe('How long an answer is remembered, in seconds.'),
    })
    .prefault({});

const profileName = z.enum(['speed', 'accuracy', 'video']);

/** One of several miners that run in one process. */
const seat = z.strictObject({
  hotkey: name.describe('Name of the hotkey in the wallet.'),
  profile: profileName.default('speed').describe('Which of the profiles it answers with.'),
  bundle: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Its own model bundle, in place of the profile’s; null: the profile’s.'),
  port: port
    .nullable()
    .default(null)
    .describe('Port to listen on; null: axon.port, counted on in the order of the list.'),
  external_port: port
    .nullable()
    .default(null)
    .describe('Port to announce; null: axon.external_port, counted on, else the one listened on.'),
});

/**
 * Everything that can be configured: the type, the validation, the defaults and the documentation, once.
 * Keys are those of sv72.yaml; units are in the names (_s seconds, _mib 2^20 bytes).
 */
export const settingsSchema = z.strictObject({
  wallet: z
    .strictObject({
      name: name.default('default').describe('Name of the wallet (the coldkey’s folder), as in btcli.'),
      hotkeys: z
        .array(name)
        .min(1)
        .default(['default'])
        .describe('Hotkeys of the wallet to use; several are served side by side, each on its own port.'),
      path: z.string().min(1).default(DEFAULT_WALLET_PATH).describe('Folder that holds the wallets.'),
    })
    .prefault({}),
  miners: z
    .array(seat)
    .max(64)
    .refine(
      (seats) => new Set(seats.map(({ hotkey }) => hotkey)).size === seats.length,
      'must name each hotkey once',
    )
    .default([])
    .describe(
      'What `serve --all` serves: hotkeys of the wallet, each with its profile, and if wanted its bundle and ports.',
    ),
  network: z
    .string()
    .refine(
      (value) => resolveNetwork(value) !== undefined,
      'must be finney, test, local, archive, devnet or a ws:// or wss:// URL',
    )
    .default('finney')
    .describe('Chain to work with: finney (mainnet), test, local, archive, devnet, or a ws(s) URL.'),
  netuid: z
    .int()
    .min(0)
    .max(65_535)
    .nullable()
    .default(null)
    .describe('Subnet; null takes StreetVision’s own: 72 on finney, 323 on test.'),
  chain: z
    .strictObject({
      fallback_endpoints: z
        .union([z.enum(['auto', 'none']), z.array(endpoint).max(16)])
        .default('auto')
        .describe(
          'Further endpoints of the same chain, tried when one fails: a list of ws(s) URLs; auto: the network’s own; none: no fail-over.',
        ),
      timeout_s: seconds(1, 600)
        .default(30)
        .describe('Longest wait for an answer of the chain’s endpoint, in seconds.'),
      era_blocks: z
        .int()
        .min(4)
        .max(64)
        .default(64)
        .describe('Blocks for which a transaction stays valid; a power of two, else the next smaller one.'),
      cache: z
        .string()
        .nullable()
        .default(null)
        .describe('Folder for what can be read from the chain again; null: the cache folder of this user.'),
      refresh_s: seconds(1, 3600)
        .default(120)
        .describe(
          'How often `serve` reads the subnet’s validators and its own UIDs from the chain, in seconds.',
        ),
    })
    .prefault({}),
  axon: z
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
      keep_alive_s: seconds(1, 600)
        .default(25)
        .describe('How long an idle connection stays open, in seconds.'),
      max_connections: z.int().min(1).max(65_535).default(1024).describe('Most connections at a time.'),
      max_connections_per_address: z
        .int()
        .min(1)
        .max(65_535)
        .default(128)
        .describe('Most connections at a time from one address.'),
      max_timeout_s: seconds(1, 600)
        .default(60)
        .describe(
          'The caller’s own time-out header is unsigned; more than this, in seconds, is not believed.',
        ),
      ping: z
        .enum(['anyone', 'allowed', 'off'])
        .default('allowed')
        .describe('Who may ping on /Synapse: anyone with a key, allowed callers only, or nobody.'),
    })
    .prefault({}),
  btauth: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('Whether requests signed by btauth/1 (SDK 11) are answered.'),
      route: route.default('/predict').describe('Path of that door.'),
      require_receiver: z
        .boolean()
        .default(true)
        .describe('Whether the signature must name this hotkey as the receiver.'),
      max_age_s: seconds(1, 300).default(10).describe('Oldest signature accepted, in seconds.'),
      skew_s: seconds(0, 60).default(2).describe('How far ahead a caller’s clock may be, in seconds.'),
      ed25519: z.boolean().default(false).describe('Whether ed25519 hotkeys may sign.'),
    })
    .prefault({}),
  callers: z
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
    .prefault({}),
  metrics: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether health and Prometheus metrics are served.'),
      host: z.string().min(1).default('127.0.0.1').describe('Address of the metrics server.'),
      port: port.default(9772).describe('Port of the metrics server; 0 takes a free one.'),
    })
    .prefault({}),
  deploy: z
    .strictObject({
      min_answers: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(50)
        .describe('Answers of a new model before `deploy promote` takes it without --force.'),
      max_errors: z
        .number()
        .min(0)
        .max(1)
        .default(0.02)
        .describe('Most of its answers that may fail before it is rolled back, as a share.'),
      max_latency_ms: z
        .number()
        .min(1)
        .max(60_000)
        .nullable()
        .default(null)
        .describe('Most time for 95 of 100 of its answers, in ms; null: half of answer_within_s.'),
      max_disagreement: z
        .number()
        .min(0)
        .max(1)
        .default(0.1)
        .describe('Most pictures that it may decide otherwise than the live model, as a share.'),
      max_probe_loss: z
        .number()
        .min(0)
        .max(1)
        .default(0.1)
        .describe('Most labelled probes that it may get wrong beyond the live model, as a share.'),
    })
    .prefault({}),
  store: z
    .strictObject({
      path: z
        .string()
        .nullable()
        .default(null)
        .describe('SQLite file of what was asked and answered; null: the data folder.'),
      keep_images: z.boolean().default(false).describe('Whether the pictures are kept too.'),
      image_cap_mib: z
        .int()
        .min(1)
        .max(1_048_576)
        .default(1024)
        .describe('Most disk for kept pictures, in MiB.'),
      keep_days: z.int().min(1).max(3650).default(90).describe('How long answers are kept, in days.'),
    })
    .prefault({}),
  hub: z
    .strictObject({
      repo: z
        .string()
        .max(200)
        .regex(/^\S+\/\S+$/, 'must be owner/name')
        .nullable()
        .default(null)
        .describe('Model repository on the Hugging Face Hub that `upload` publishes to: owner/name.'),
      url: z
        .string()
        .max(2048)
        .refine((value) => /^https?:$/.test(protocolOf(value)), 'must be an http(s) URL')
        .default('https://huggingface.co')
        .describe('The Hub, where another one than the public one is used.'),
    })
    .prefault({}),
  refresh: z
    .strictObject({
      checkpoint_day: day.default(30).describe('Age of a model at the first look back, in days.'),
      train_day: day.default(55).describe('Age at which training the next one should begin, in days.'),
      upload_day: day.default(70).describe('Age by which the next one should be published, in days.'),
      verify_day: day.default(75).describe('Age by which it should be checked and in service, in days.'),
      expired_day: day.default(90).describe('Age at which a model counts no more, in days.'),
      full_until_day: day.default(75).describe('Until this age the reward is full, in days.'),
      zero_from_day: day
        .default(90)
        .describe('From this age there is no reward, in days; in between it falls in a straight line.'),
      checked: z.iso
        .date()
        .default('2026-01-06')
        .describe('When these days were last compared with the subnet’s documents, which no code applies.'),
      repos: z
        .array(repository)
        .max(64)
        .default([])
        .describe(
          'Model repositories whose cards are looked at, beside hub.repo and what was published here.',
        ),
      registration: z
        .boolean()
        .default(true)
        .describe('Whether `refresh` asks the chain if a hotkey lost its place or may lose it.'),
      certificates: z
        .array(name)
        .max(64)
        .default([])
        .describe('TLS certificates that must not run out: PEM files, or host:port.'),
      dates: z
        .array(
          z
            .string()
            .regex(/^\d{4}-\d\d-\d\d \S.{0,199}$/, 'must be a date and words: 2027-01-31 token of the Hub'),
        )
        .max(64)
        .default([])
        .describe('What else runs out, as date and words: 2027-01-31 token of the Hub.'),
      min_free_gib: z
        .number()
        .min(0)
        .max(1_000_000)
        .default(5)
        .describe('Least free disk where sv72 keeps its data, in GiB; 0 does not look.'),
      channels: z
        .array(z.enum(['desktop', 'email', 'discord', 'telegram', 'slack', 'ntfy', 'webhook']))
        .max(7)
        .default([])
        .describe('Where reminders are sent: desktop, email, discord, telegram, slack, ntfy, webhook.'),
      email: z
        .strictObject({
          to: z.string().max(320).nullable().default(null).describe('Address that reminders are sent to.'),
          from: z.string().max(320).nullable().default(null).describe('Sender; null: the same address.'),
          host: z.string().max(255).default('localhost').describe('SMTP server.'),
          port: port.default(587).describe('Port of the SMTP server.'),
          security: z
            .enum(['tls', 'starttls', 'none'])
            .default('starttls')
            .describe('tls from the first byte, starttls (refused where it cannot be had), or none.'),
          user: z.string().max(320).nullable().default(null).describe('User name there; null: no login.'),
          password_file: secretFile.describe('File with the password; or the variable SV72_SMTP_PASSWORD.'),
        })
        .prefault({}),
      discord: z
        .strictObject({
          webhook_file: secretFile.describe(
            'File with the webhook’s address; or the variable SV72_DISCORD_WEBHOOK.',
          ),
        })
        .prefault({}),
      slack: z
        .strictObject({
          webhook_file: secretFile.describe(
            'File with the webhook’s address; or the variable SV72_SLACK_WEBHOOK.',
          ),
        })
        .prefault({}),
      telegram: z
        .strictObject({
          chat: z.string().max(64).nullable().default(null).describe('Number of the chat, or @channel.'),
          token_file: secretFile.describe('File with the bot’s token; or the variable SV72_TELEGRAM_TOKEN.'),
          url: webAddress.default('https://api.telegram.org').describe('Server of the Bot API.'),
        })
        .prefault({}),
      ntfy: z
        .strictObject({
          url: webAddress
            .nullable()
            .default(null)
            .describe('Address of the topic: https://ntfy.sh/my-topic.'),
          token_file: secretFile.describe('File with a token, if it wants one; or SV72_NTFY_TOKEN.'),
        })
        .prefault({}),
      webhook: z
        .strictObject({
          url: webAddress.nullable().default(null).describe('Address that is sent JSON, signed.'),
          secret_file: secretFile.describe(
            'File with the secret that it is signed with (whsec_ and base64); or SV72_WEBHOOK_SECRET.',
          ),
        })
        .prefault({}),
    })
    .prefault({}),
  profile: profileName.default('speed').describe('Which of the profiles below `serve` uses.'),
  profiles: z
    .strictObject({
      speed: profile({ threads: 'auto', cacheEntries: 1024, deadline: 4, modality: 'image' }).describe(
        'One small model, embedded, as fast as it gets.',
      ),
      accuracy: profile({ threads: 'auto', cacheEntries: 4096, deadline: 8, modality: 'image' }).describe(
        'A large model: takes the time that the challenge leaves.',
      ),
      video: profile({ threads: 'auto', cacheEntries: 1024, deadline: 8, modality: 'video' }).describe(
        'Clips instead of pictures; today’s validators send none.',
      ),
    })
    .prefault({}),
});

/** The effective configuration, validated. */
export type Settings = z.infer<typeof settingsSchema>;
export type ProfileName = Settings['profile'];
export type ProfileSettings = Settings['profiles']['speed'];
export type SeatSettings = Settings['miners'][number];
export type StageSettings = ProfileSettings['stages'][number];

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
