/** Room is left for `pub.txt` and for the name of a temporary file beside it. */
const MAX_NAME_BYTES = 200;

/** What is wrong with the name of a wallet or hotkey, which is that of a file: the end of a sentence; undefined: nothing. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'is empty';
  if (/[/\\]/.test(name)) return 'contains a slash or backslash';
  if (/\p{Cc}/u.test(name)) return 'contains a control character';
  if (name.startsWith('.')) return 'begins with a dot';
  if (name.toLowerCase().endsWith('pub.txt')) return 'ends with pub.txt, as public files do';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return 'is too long';
  return undefined;
}
