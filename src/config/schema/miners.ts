import { z } from 'zod';
import { nameProblem } from '../../key-names/index.ts';
import { DEFAULT_WALLET_PATH } from '../wallet-folder.ts';
import { port } from './fields.ts';
import { profileName } from './profiles.ts';

/** A name that is also that of a file. */
const name = z
  .string()
  .min(1)
  .max(255)
  .superRefine((value, context) => {
    const problem = nameProblem(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

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

/** Which keys there are. */
export const wallet = z
  .strictObject({
    name: name.default('default').describe('Name of the wallet (the coldkey’s folder), as in btcli.'),
    hotkeys: z
      .array(name)
      .min(1)
      .default(['default'])
      .describe('Hotkeys of the wallet to use; several are served side by side, each on its own port.'),
    path: z.string().min(1).default(DEFAULT_WALLET_PATH).describe('Folder that holds the wallets.'),
  })
  .prefault({});

/** What `serve --all` serves. */
export const miners = z
  .array(seat)
  .max(64)
  .refine(
    (seats) => new Set(seats.map(({ hotkey }) => hotkey)).size === seats.length,
    'must name each hotkey once',
  )
  .default([])
  .describe(
    'What `serve --all` serves: hotkeys of the wallet, each with its profile, and if wanted its bundle and ports.',
  );
