import { Listr, ListrLogger, type ListrTaskWrapper, ProcessOutput } from 'listr2';
import type { Display } from './display.ts';
import { progressText } from './text.ts';

type Task = ListrTaskWrapper<unknown, never, never>;

/** A line that is being worked on, and the words below it. */
interface Line {
  readonly title: string;
  readonly say: (text: string) => void;
  readonly finish: (error?: Error) => Promise<void>;
}

/** A list of phases on a terminal, of which the last one moves. */
export function terminalDisplay(stream: NodeJS.WriteStream): Display {
  let line: Line | undefined;
  let last: string | undefined;
  let finished: Promise<void> = Promise.resolve();
  const notices: string[] = [];
  const phase = (title: string): void => {
    if (line?.title === title) return;
    close();
    line = open(stream, title, finished);
  };
  const close = (error?: Error): void => {
    if (line) finished = line.finish(error);
    line = undefined;
    finished = finished.then(() => {
      for (const notice of notices.splice(0)) stream.write(`${notice}\n`);
    });
  };
  return {
    preparation(preparation) {
      if (preparation.step === 'check') phase('Looking at this machine');
      else if (preparation.step === 'started') {
        close();
        notices.push(`Started ${preparation.id} (${preparation.runtime}); log: ${preparation.logFile}`);
      } else {
        phase(`Preparing: ${preparation.what}`);
        if (preparation.line !== undefined) line?.say(preparation.line);
      }
    },
    record(record) {
      if (record.event === 'warning') notices.push(`Warning: ${record.message}`);
      if (record.event !== 'progress') return;
      phase(record.phase);
      last = progressText(record, true);
      line?.say(last);
    },
    log(text) {
      if (line) line.say(last === undefined ? text : `${last}\n${text}`);
    },
    notice(text) {
      if (line) line.say(last === undefined ? text : `${last}\n${text}`);
      notices.push(text);
    },
    async end(outcome) {
      close(outcome === 'done' ? undefined : new Error(outcome ?? 'failed'));
      await finished;
    },
  };
}

function open(stream: NodeJS.WriteStream, title: string, after: Promise<void>): Line {
  let task: Task | undefined;
  let words = '';
  let done: (error?: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    done = (error) => (error ? reject(error) : resolve());
  });
  ended.catch(() => undefined);
  const show = (): void => {
    if (task && words !== '') task.output = words;
  };
  const shown = after.then(() =>
    new Listr(
      [
        {
          title,
          task: async (_context, wrapper) => {
            task = wrapper as Task;
            show();
            await ended;
          },
          rendererOptions: { persistentOutput: true },
        },
      ],
      {
        registerSignalListeners: false,
        exitOnError: false,
        rendererOptions: {
          collapseErrors: false,
          logger: new ListrLogger({
            useIcons: true,
            processOutput: new ProcessOutput(stream, stream, { leaveEmptyLine: false }),
          }),
        },
      },
    )
      .run()
      .then(() => undefined),
  );
  return {
    title,
    say(text) {
      words = text;
      show();
    },
    finish(error) {
      done(error);
      return shown.catch(() => undefined);
    },
  };
}
