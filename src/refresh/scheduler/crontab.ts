import { Sv72Error } from '../../errors/index.ts';
import { type RunCommand, said } from './command.ts';
import { quote } from './script.ts';

const BEGIN =
  '# >>> sv72 refresh: written by `sv72 refresh install`, removed by `sv72 refresh uninstall` >>>';
/** Also says that the line before had no end, so that this can be undone. */
const BEGIN_AFTER_OPEN_LINE = `${BEGIN} (line end added)`;
const END = '# <<< sv72 refresh <<<';

/** The lines of a crontab that start a script at a minute of every hour. A % would end the command there. */
export function crontabLines(script: string, minute: number): string {
  return `${minute} * * * * /bin/sh ${quote(script).replaceAll('%', '\\%')}`;
}

/**
 * A crontab with our lines at its end; those that were there before are replaced, and everything else stays as it is,
 * byte by byte.
 *
 * @param before as it is now
 * @throws ERR_REFRESH_SCHEDULER when our marks are there, but not in their order
 */
export function withBlock(before: Buffer, lines: string): Buffer {
  const rest = withoutBlock(before);
  const text = rest.toString('latin1');
  const open = text !== '' && !text.endsWith('\n');
  const block = `${open ? '\n' : ''}${open ? BEGIN_AFTER_OPEN_LINE : BEGIN}\n${lines}\n${END}\n`;
  return Buffer.concat([rest, Buffer.from(block, 'utf8')]);
}

/** A crontab without our lines: as it was before. @throws as `withBlock` */
export function withoutBlock(before: Buffer): Buffer {
  // One character a byte, so that no encoding of it is damaged.
  const text = before.toString('latin1');
  const begins = [...text.matchAll(lineOf(BEGIN))];
  const ends = [...text.matchAll(lineOf(END))];
  const [begin] = begins;
  const [end] = ends;
  if (begin === undefined && end === undefined) return before;
  if (
    begin === undefined ||
    end === undefined ||
    begins.length > 1 ||
    ends.length > 1 ||
    end.index < begin.index
  ) {
    throw new Sv72Error(
      'ERR_REFRESH_SCHEDULER',
      'The lines of sv72 in the crontab were changed, so they are left alone.',
      {
        next: 'Take out the lines from "# >>> sv72 refresh" to "# <<< sv72 refresh" with `crontab -e`, then run the command again.',
      },
    );
  }
  const after = text.slice(end.index + end[0].length);
  const added = begin[1] !== undefined && after === '';
  return Buffer.from(text.slice(0, begin.index - (added ? 1 : 0)) + after, 'latin1');
}

/** A whole line; group 1 is what was added to the mark. */
function lineOf(mark: string): RegExp {
  const escaped = mark.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![^\\n])${escaped}( \\(line end added\\))?(?:\\n|$)`, 'g');
}

/** The crontab of this user. */
export interface Crontab {
  /** @throws ERR_REFRESH_SCHEDULER */
  read(): Promise<Buffer>;
  write(content: Buffer): Promise<void>;
}

export function openCrontab(run: RunCommand): Crontab {
  return {
    async read() {
      const ended = await run('crontab', ['-l']);
      if (ended.code === 0) return ended.stdout;
      if (ended.code === 1 && /no crontab for|can't open|does not exist/i.test(ended.stderr))
        return Buffer.alloc(0);
      throw new Sv72Error('ERR_REFRESH_SCHEDULER', `The crontab cannot be read: ${said(ended)}.`);
    },
    async write(content) {
      const ended =
        content.length === 0 ? await run('crontab', ['-r']) : await run('crontab', ['-'], content);
      if (ended.code === 0) return;
      throw new Sv72Error('ERR_REFRESH_SCHEDULER', `The crontab cannot be written: ${said(ended)}.`);
    },
  };
}

/** Whether our lines are in it. */
export function hasBlock(content: Buffer): boolean {
  return lineOf(BEGIN).test(content.toString('latin1'));
}
