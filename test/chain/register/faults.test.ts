import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sv72Error } from '../../../src/errors/index.ts';
import { hotkey, type Stage, startStage, tao } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ slotMs: 40, slotDurationMs: 250 });
}, 60_000);
afterAll(async () => await stage.close());

/** What goes wrong in one run. */
type Fault =
  | { readonly kind: 'interrupted'; readonly at: 'signed' | 'sent' | 'in-block' }
  | { readonly kind: 'dropped' | 'lost before' | 'lost after' | 'reorganised' };

const fault = fc.oneof(
  fc.constantFrom('signed', 'sent', 'in-block').map((at): Fault => ({ kind: 'interrupted', at })),
  fc.constantFrom('lost before', 'lost after', 'reorganised', 'dropped').map((kind): Fault => ({ kind })),
);

const SUBMIT = 'author_submitAndWatchExtrinsic';
const CEILING = tao('50');

/** One run of the command's story with something wrong; true when it says that the hotkey is registered. */
async function attempt(uri: string, what: Fault | undefined): Promise<boolean> {
  const { devchain } = stage;
  const controller = new AbortController();
  if (what?.kind === 'dropped') devchain.misbehave.dropNext();
  if (what?.kind === 'lost before') devchain.misbehave.closeOn(SUBMIT);
  if (what?.kind === 'lost after') devchain.misbehave.closeOn(SUBMIT, { done: true });
  try {
    await stage.register(stage.request({ hotkeys: [uri] }), {
      at: CEILING,
      ceiling: CEILING,
      signal: controller.signal,
      onNews: (news) => {
        const step = news.kind === 'submitted' ? news.status.kind : news.kind;
        if (what?.kind === 'interrupted' && step === what.at) controller.abort();
        if (what?.kind === 'reorganised' && step === 'in-block') devchain.reorg(1);
      },
    });
    return true;
  } catch (error) {
    if (error instanceof Sv72Error && /^ERR_(INTERRUPTED|CHAIN_|REGISTRATION_OPEN)/.test(error.code))
      return false;
    throw error;
  } finally {
    devchain.misbehave.stop();
  }
}

test('whatever goes wrong on the way, the hotkey is registered once and paid once', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 2 }), async (faults) => {
      const uri = `//Alice//fault ${count++}`;
      const { number: start } = await stage.chain.head();
      let done = false;
      for (const what of faults) done = (await attempt(uri, what)) || done;
      expect(await attempt(uri, undefined)).toBe(true);
      const { number: end } = await stage.chain.head();
      let registrations = 0;
      for (let block = start + 1; block <= end; block++) {
        const hash = await stage.chain.blockHash(block);
        const events = hash === undefined ? [] : await stage.chain.events(hash);
        registrations += events.filter(
          ({ name, fields }) => name === 'NeuronRegistered' && Object.values(fields).includes(hotkey(uri)),
        ).length;
      }
      expect(registrations).toBe(1);
      expect(readdirSync(stage.folder).filter((name) => name.endsWith('.json'))).toEqual([]);
    }),
    { numRuns: 6 },
  );
}, 120_000);

test('a transaction that is dropped silently each time is given up when it can no longer happen, and not before', async () => {
  const uri = '//Alice//dropped';
  const request = stage.request({ hotkeys: [uri] });
  stage.devchain.misbehave.dropNext(Infinity);
  const { number: start } = await stage.chain.head();
  const error = await stage.register(request, { at: CEILING }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'ERR_CHAIN_EXPIRED' });
  expect((await stage.chain.finalizedHead()).number).toBeGreaterThanOrEqual(start + 60);
  expect(readdirSync(stage.folder).filter((name) => name.endsWith('.json'))).toEqual([]);
  stage.devchain.misbehave.stop();
  expect(await stage.register(request, { at: CEILING })).toHaveLength(1);
}, 60_000);
