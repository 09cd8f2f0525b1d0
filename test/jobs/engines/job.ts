import type { JobSpec } from '../../../src/jobs/index.ts';

/** What a job of the tests does; each says `ready` by its first progress. */
export type Behaviour = 'done' | 'wait' | 'stubborn' | 'fail' | 'tell';

const SCRIPT = `
import json, os, signal, subprocess, sys
work, what = sys.argv[1], sys.argv[2]
say = lambda **fields: print(json.dumps(fields), flush=True)
def write(name, text):
    with open(os.path.join(work, name), 'w') as file:
        file.write(text)
def save(*_):
    write('saved', 'all of it')
    sys.exit(75)
if what == 'stubborn':
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'], start_new_session=True)
else:
    signal.signal(signal.SIGTERM, save)
print('the log begins', file=sys.stderr, flush=True)
say(event='progress', phase='work', step=1, of=2, loss=0.5, message='ready')
if what in ('wait', 'stubborn'):
    while True:
        signal.pause()
if what == 'tell':
    print('env ' + os.environ['SV72_TEST_TOKEN'], file=sys.stderr)
    say(event='warning', message='it is ' + os.environ['SV72_TEST_TOKEN'])
    say(event='result', plain=os.environ['PLAIN'], length=len(os.environ['SV72_TEST_TOKEN']))
    sys.exit(0)
if what == 'fail':
    print('the disk is full of sand', file=sys.stderr)
    sys.exit(3)
write('out', what)
say(event='progress', phase='work', step=2, of=2, loss=0.25)
say(event='result', answer=42)
`;

/** A job that works in a folder of this machine. */
export function testJob(work: string, what: Behaviour, more: Partial<JobSpec> = {}): JobSpec {
  return {
    kind: 'test',
    title: `Test: ${what}`,
    environment: 'tiny',
    image: { kind: 'named', name: 'localhost/test:1' },
    command: ['python', '-c', SCRIPT, { mount: 'work' }, what],
    mounts: [{ name: 'work', host: work }],
    env: {},
    gpus: 'none',
    limits: {},
    needs: {},
    stopGraceMs: 60_000,
    network: 'none',
    ...more,
  };
}
