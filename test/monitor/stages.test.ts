import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerStages } from '../../src/monitor/stages.ts';

test('each stage has its own line; also those of one name in several profiles', async () => {
  const registry = new Registry();
  const small = {
    profile: 'accuracy',
    name: 'small',
    up: true,
    asked: 9,
    answered: 8,
    failed: 1,
    passed: 0,
    decided: 6,
    usualMs: 4,
  };
  const stages = [
    small,
    { ...small, name: 'large', up: false, asked: 2 },
    { ...small, usualMs: 7 },
    { ...small, profile: 'video', asked: 5, up: false },
  ];
  registerStages(registry, () => stages);
  const lines = (await registry.metrics()).split('\n');
  for (const line of [
    'sv72_cascade_stage_up{profile="video",stage="small"} 0',
    'sv72_cascade_stage_asked_total{profile="video",stage="small"} 5',
    'sv72_cascade_stage_up{profile="accuracy",stage="small"} 1',
    'sv72_cascade_stage_up{profile="accuracy",stage="large"} 0',
    'sv72_cascade_stage_asked_total{profile="accuracy",stage="small"} 18',
    'sv72_cascade_stage_asked_total{profile="accuracy",stage="large"} 2',
    'sv72_cascade_stage_answered_total{profile="accuracy",stage="large"} 8',
    'sv72_cascade_stage_failed_total{profile="accuracy",stage="large"} 1',
    'sv72_cascade_stage_passed_total{profile="accuracy",stage="large"} 0',
    'sv72_cascade_stage_decided_total{profile="accuracy",stage="small"} 12',
    'sv72_cascade_stage_usual_seconds{profile="accuracy",stage="small"} 0.007',
  ])
    expect(lines).toContain(line);
});
