/**
 * The process that reads one parquet file. What a parser makes of a hostile one, a loop without end or more memory than
 * there is, ends this process and nothing else.
 */
import { Worker } from 'node:worker_threads';
import { Sv72Error } from '../../../errors/index.ts';
import { damaged, type OpenedFile, openParquet } from './file.ts';
import type { Answer, Failure, Question, Reply } from './messages.ts';

process.on('disconnect', () => process.exit());
// A loop without end does not hear that nobody waits for it any more.
new Worker(
  `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 1000)`,
  { eval: true },
).unref();

let file: OpenedFile | undefined;

process.on('message', (question: Question) => {
  answerTo(question).then(
    (answer) => say(answer),
    (error: unknown) => say({ failed: failureOf(error) }),
  );
});

async function answerTo(question: Question): Promise<Answer> {
  if ('open' in question) {
    file = await openParquet(question.open, (reads) => say({ reads }));
    return { opened: { rows: file.rows, windows: file.windows() } };
  }
  if (file === undefined) throw damaged('', 'it was not opened');
  if ('rows' in question) return { rows: await file.rowsOf(question.rows) };
  return { pictures: await file.picturesOf(question.pictures) };
}

function failureOf(error: unknown): Failure {
  if (error instanceof Sv72Error) {
    const { code, message, next, details } = error;
    return { ours: code, message, next, details };
  }
  const {
    syscall = '',
    code = '',
    message = String(error),
  }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  return { syscall, code, message };
}

function say(reply: Reply): void {
  process.send?.(reply);
}
