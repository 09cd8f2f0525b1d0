import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openChatSession } from '../../../../src/inference/engines/openai/session.ts';
import { createChatClassifier } from '../../../../src/inference/index.ts';
import { plain, temporaryFolder } from '../../models.ts';
import { chatClassifier, chatServer, within } from './classifiers.ts';

const jpeg = (level: number) => plain(level, { width: 56, height: 56, format: 'jpeg' });
/** The double counts 44 tokens for such a picture, 104 for the trial's, and one for the answer. */
const TOKENS = 44 + 1;
const TRIAL = 104 + 1;

async function budgetOf(perDay: number | null) {
  // A token costs one.
  return { folder: join(await temporaryFolder(), 'spent'), perDay, inputPrice: 1e6, outputPrice: 1e6 };
}

test('what the server counted is spent, and the health tells', async () => {
  const server = await chatServer();
  const classifier = await chatClassifier(server, { budget: await budgetOf(null) });
  await classifier.predict(await jpeg(10));
  await classifier.predict(await jpeg(20));
  await expect
    .poll(() => classifier.stats().servers)
    .toMatchObject([
      {
        server: server.url,
        model: 'vlm',
        up: true,
        breaker: 'closed',
        asked: 3,
        failed: 0,
        tokens: { input: TRIAL - 1 + 2 * (TOKENS - 1), output: 3 },
        spending: { today: expect.closeTo(TRIAL + 2 * TOKENS, 6), perDay: null },
      },
    ]);
});

test('when the day’s money is used up nothing is sent, and the answer says so; not even after a restart', async () => {
  const server = await chatServer();
  const budget = await budgetOf(1_500);
  const first = await chatClassifier(server, { budget }, { prior: 0.25 });
  const answers = [];
  for (let level = 0; level < 40; level += 1) answers.push(await first.predict(await jpeg(level)));
  const refused = answers.filter(({ reason }) => reason === 'over-budget');
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.slice(-refused.length)).toEqual(refused);
  expect(refused[0]).toMatchObject({
    source: 'prior',
    probability: 0.25,
    detail: expect.stringMatching(
      /the budget of 1500 a day is used up \(\d+(\.\d+)?(e\+3)? spent\) until 0:00 UTC/,
    ),
  });
  const sent = server.heard.length;
  expect(sent).toBe(1 + 40 - refused.length);
  expect(first.stats().servers?.[0]?.spending?.today).toBeLessThanOrEqual(1_500);
  await first.close();

  const second = await chatClassifier(server, { budget: { ...budget, perDay: 100 } });
  expect((await second.predict(await jpeg(200))).reason).toBe('over-budget');
  expect(second.stats().priors['over-budget']).toBe(1);
  expect(server.heard).toHaveLength(sent);
});

test('a server that does not count is paid as for the most', async () => {
  const server = await chatServer({ silent: true });
  const classifier = await chatClassifier(server, { budget: await budgetOf(null) });
  expect(classifier.stats().servers?.[0]?.spending?.today).toBeGreaterThan(TRIAL);
});

test('a refusal costs nothing, a broken connection may', async () => {
  const server = await chatServer();
  const classifier = await chatClassifier(server, { budget: await budgetOf(null) });
  const spent = () => classifier.stats().servers?.[0]?.spending?.today ?? 0;
  const before = spent();
  server.mode = 'error';
  await classifier.predict(await jpeg(1), within(500));
  expect(spent()).toBeCloseTo(before);
  server.mode = 'truncated';
  await classifier.predict(await jpeg(2), within(500));
  await expect.poll(spent).toBeGreaterThan(before + TOKENS);
});

test('a folder that cannot be written is said at the start', async () => {
  const server = await chatServer();
  const budget = { ...(await budgetOf(1)), folder: '/dev/null/spent' };
  const starting = createChatClassifier({ server: { url: server.url, model: null, remote: false, budget } });
  await expect(starting).rejects.toMatchObject({ code: 'ERR_SERVER_BUDGET' });
});

test('without money at the start the server is tried when there is some; one that is not what was assumed is refused', async () => {
  const server = await chatServer();
  const budget = await budgetOf(2_000);
  const today = join(budget.folder, `${new Date().toISOString().slice(0, 10)}.log`);
  await mkdir(budget.folder);
  await writeFile(today, '2000\n');
  const open = () =>
    openChatSession({ server: { url: server.url, model: null, remote: false, budget }, pixels: 1e6 });
  const [rich, wordy] = [await open(), await open()];
  expect(rich.report.inferMs).toBeGreaterThan(0);
  const ask = async (session: typeof rich, level: number) =>
    (await session.run([{ bytes: await jpeg(level) }], 3_000)).outcomes[0];
  expect(await ask(rich, 10)).toMatchObject({ ok: false, reason: 'over-budget' });
  expect(server.heard).toHaveLength(0);

  // As at 0:00 UTC.
  await appendFile(today, '-2000\n');
  expect(await ask(rich, 51)).toMatchObject({ ok: true, probability: expect.closeTo(0.2, 2) });
  expect(await ask(rich, 102)).toMatchObject({ ok: true });
  expect(server.heard).toHaveLength(3);

  server.mode = 'text';
  expect(await ask(wordy, 20)).toMatchObject({
    ok: false,
    reason: 'engine-failed',
    detail: expect.stringMatching(/answers by word.*start again/),
  });
});
