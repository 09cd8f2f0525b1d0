import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { skyTask } from '../../src/training/index.ts';
import { folder } from '../data/sample.ts';
import { preparedFor, TRAINER } from './stage.ts';

test('a task file carries the same command, resumed when a machine is taken away', async () => {
  const { spec } = await preparedFor(await folder(), { secrets: { HF_TOKEN: 'hush' } });
  const text = skyTask({ spec, trainerDir: TRAINER, accelerators: 'L4:1', workers: undefined });
  expect(text).not.toContain('hush');
  const task = parse(text);
  expect(task).toMatchObject({
    name: 'sv72-train',
    resources: { accelerators: 'L4:1', use_spot: true },
    secrets: { HF_TOKEN: null },
    file_mounts: {
      '~/sv72/trainer': TRAINER,
      '~/sv72/data0': spec.mounts.find(({ name }) => name === 'data0')?.host,
      '/sv72-run': { mode: 'MOUNT_CACHED' },
    },
  });
  expect(task.setup).toContain('--require-hashes -r ~/sv72/trainer/requirements/train.lock');
  expect(task.run).toContain(
    '~/sv72/python/bin/python -m sv72_train train --recipe /sv72-run/work/recipe.json --data ~/sv72/data0 --out /sv72-run/work --cache /sv72-run/cache',
  );
  expect(task.run).toMatch(/ --resume --workers \$\(\( \$\(nproc\) > 16 \? 16 : \$\(nproc\) - 1 \)\)\n$/);
  expect(text).toContain('run: |\n  mkdir -p');
});

test('without a GPU, the packages that only a GPU needs stay away', async () => {
  const { spec } = await preparedFor(await folder());
  const task = parse(skyTask({ spec, trainerDir: TRAINER, accelerators: undefined, workers: 3 }));
  expect(task.setup).toContain('requirements/train.cpu.lock');
  expect(task.resources).not.toHaveProperty('accelerators');
  expect(task.run).toMatch(/--resume\n$/);
});
