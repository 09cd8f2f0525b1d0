import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { WriteBundleOptions } from '../../src/bundle/index.ts';
import { bundleOf, FILES, hub, publish, REPO, releaseOf, SIGNER } from './place.ts';

const TRAINING: WriteBundleOptions['manifest']['training'] = {
  recipe: 'finetune',
  kind: 'finetune',
  seed: 7,
  backbone: { id: 'vit_small_patch16_dinov3.lvd1689m', parameters: 21_600_000 },
  base: { id: 'vit_small_patch16_dinov3.lvd1689m', licence: 'dinov3-license', weights: 'hub', binds: true },
  data: [
    {
      name: 'streets',
      fingerprint: 'ab'.repeat(32),
      licence: 'CC-BY-4.0 AND CC0-1.0',
      attribution: 'Pictures by A. Person',
      sources: [
        {
          title: 'Streets | of a town',
          licence: 'CC-BY-4.0',
          attribution: 'Pictures by A. Person',
          url: 'https://streets.example/set',
        },
        { title: 'Drawn', licence: 'CC0-1.0', attribution: null, url: null },
      ],
    },
  ],
  pictures: { train: 4000, validation: 500, test: 500 },
  steps: 1200,
  seconds: 3661,
  hardware: 'one GPU',
  versions: { torch: '2.15.0' },
};

const FREE = {
  id: 'convnext_tiny.in12k_ft_in1k',
  licence: 'apache-2.0',
  weights: 'hub',
  binds: false,
} as const;

/** Weights made from others stay under their licence. */
const DERIVED = { training: TRAINING, licence: 'dinov3-license' } as const;

async function page(change: Partial<WriteBundleOptions['manifest']> = {}, notes?: string) {
  const release = await releaseOf(await bundleOf({ ...DERIVED, ...change }), { notes });
  const file = release.files.find(({ path }) => path === 'README.md');
  const text = (await (await file?.open())?.text()) ?? '';
  const [, block = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  return { meta: parse(block), body, release };
}

describe('the metadata block', () => {
  it('has licence, base model, tags, pipeline, metrics and results as the Hub reads them', async () => {
    const { meta } = await page({ training: { ...TRAINING, base: FREE }, licence: 'Apache-2.0' });
    expect(meta).toMatchObject({
      license: 'apache-2.0',
      base_model: 'timm/convnext_tiny.in12k_ft_in1k',
      pipeline_tag: 'image-classification',
      library_name: 'transformers',
      tags: expect.arrayContaining(['bittensor', 'subnet-72', 'roadwork']),
      metrics: ['accuracy', 'matthews_correlation'],
    });
    expect(meta['model-index'][0].results[0]).toEqual({
      task: { type: 'image-classification' },
      dataset: { type: 'street-photographs', name: 'street photographs, generation 2' },
      metrics: [
        { type: 'accuracy', name: 'accuracy', value: 0.96 },
        { type: 'matthews_correlation', name: 'MCC', value: 0.92 },
      ],
    });
  });

  it('names no base model where there is none', async () => {
    const { meta } = await page({ training: { ...TRAINING, base: null } });
    expect(meta).not.toHaveProperty('base_model');
  });

  it('is accepted by the Hub, whatever the manifest says', async () => {
    const double = await hub();
    const nasty = '---\nlicense: mit\n---\n# *x* `y` | z <script>alert(1)</script>\n{{hotkey}}';
    const bundle = await bundleOf({
      training: { ...TRAINING, base: FREE },
      description: nasty,
      licence: nasty,
    });
    const { verdict } = await publish(double, { release: await releaseOf(bundle) });
    expect(verdict.ok).toBe(true);
  });
});

describe('the text', () => {
  it('says what it is, from what data under which licences, with which results, how it was trained, and its limits', async () => {
    const { body } = await page();
    for (const part of [
      '# roadwork-test 1.2.0',
      `hotkey \`${SIGNER.ss58}\``,
      'street photographs, generation 2 | 800 | 0.960 (0.944 to 0.972) | 0.920 |',
      'Starting weights: vit\\_small\\_patch16\\_dinov3.lvd1689m under dinov3-license',
      '| streets | Streets \\| of a town (https://streets.example/set) | CC-BY-4.0 | Pictures by A. Person |',
      'Texts that go with the model: `LICENSE`',
      'Time: 3661 s, 1200 steps',
      'It does not find, count or measure anything',
      `sv72 verify ${REPO.id}`,
      `pipeline("image-classification", model="${REPO.id}")`,
    ]) {
      expect(body).toContain(part);
    }
    expect(body).not.toMatch(/\{\{\w+\}\}/);
  });

  it('takes the intervals that were measured before Wilson’s', async () => {
    const values = {
      accuracy: 0.9,
      accuracyLow: 0.85,
      accuracyHigh: 0.93,
      reward: 0.7,
      rewardLow: 0.6,
      rewardHigh: 0.8,
    };
    const { body } = await page({ metrics: [{ dataset: 'd', samples: 100, values }] });
    expect(body).toContain('| d | 100 | 0.900 (0.850 to 0.930) | 0.700 (0.600 to 0.800) |');
  });

  it('has Wilson’s interval of a share where none was measured', async () => {
    const { body } = await page({ metrics: [{ dataset: 'd', samples: 10, values: { accuracy: 0.5 } }] });
    expect(body).toContain('| d | 10 | 0.500 (0.237 to 0.763) |');
  });

  it('makes markup from outside harmless', async () => {
    const { body } = await page({ description: '<img src=x> [a](javascript:b) {{repo}}' });
    expect(body).toContain('&lt;img src=x&gt; \\[a\\](javascript:b) \\{\\{repo\\}\\}');
  });

  it('ends with the owner’s notes, without their metadata', async () => {
    const { body } = await page({}, '---\nlicense: mit\n---\nI made it in the *rain*.\n');
    expect(body.trimEnd()).toMatch(/## Notes\n\nI made it in the \*rain\*\.$/);
  });
});

describe('weights whose licence binds', () => {
  it('are not published without its text', async () => {
    const files = FILES.filter(({ role }) => role !== 'licence');
    await expect(releaseOf(await bundleOf(DERIVED, files))).rejects.toMatchObject({
      code: 'ERR_RELEASE_LICENCE',
      details: { licence: 'dinov3-license' },
    });
  });

  it('are not published under another licence', async () => {
    await expect(releaseOf(await bundleOf({ training: TRAINING, licence: 'MIT' }))).rejects.toMatchObject({
      code: 'ERR_RELEASE_LICENCE',
      message: expect.stringContaining('stay under dinov3-license, and the bundle says MIT'),
    });
  });

  it('go with the licence’s text, which the metadata point to', async () => {
    const { meta, release } = await page();
    expect(meta).toMatchObject({
      license: 'other',
      license_name: 'dinov3-license',
      license_link: 'LICENSE',
      base_model: 'timm/vit_small_patch16_dinov3.lvd1689m',
    });
    expect(release.files.map(({ path }) => path)).toContain('LICENSE');
  });
});
