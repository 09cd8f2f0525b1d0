const MOST_SHOWN = 300;

/** Text of a stranger, fit for one line of a terminal, without anything that looks like a token. */
export function plainText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/hf_[A-Za-z0-9_.-]{6,}/g, 'hf_…')
    .trim()
    .slice(0, MOST_SHOWN);
}

/** A line in which a stranger’s text stands: nothing in it steers a terminal or breaks the line. */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}
