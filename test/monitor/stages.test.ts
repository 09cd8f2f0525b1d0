import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerStages } from '../../src/monitor/stages.ts';

test('each stage has its own line; those of one name in several profiles share one', async () => {
  const registry = new Registry();
  const small = {
    name: 'small',
    up: true,
    asked: 9,
    answered: 8,
    failed: 1,
    passed: 0,
    decided: 6,
    usualMs: 4,
  };
  const stages = [small, { ...small, name: 'large', up: false, asked: 2 }, { ...small, usualMs: 7 }];
  registerStages(registry, () => stages);
  const lines = (await registry.metrics()).split('\n');
  for (const line of [
    'sv72_cascade_stage_up{stage="small"} 1',
    'sv72_cascade_stage_up{stage="large"} 0',
    'sv72_cascade_stage_asked_total{stage="small"} 18',
    'sv72_cascade_stage_asked_total{stage="large"} 2',
    'sv72_cascade_stage_answered_total{stage="large"} 8',
    'sv72_cascade_stage_failed_total{stage="large"} 1',
    'sv72_cascade_stage_passed_total{stage="large"} 0',
    'sv72_cascade_stage_decided_total{stage="small"} 12',
    'sv72_cascade_stage_usual_seconds{stage="small"} 0.007',
  ])
    expect(lines).toContain(line);
});
