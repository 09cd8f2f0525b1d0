/** Label of every caller that is not known by name. */
const OTHER = 'other';

/**
 * Keeps a label's values few: known callers by name, everybody else together. Hotkeys come from the network, and each
 * new label value costs memory for ever.
 *
 * @param isKnown whether a hotkey may be named (a permitted validator).
 * @param limit most names; further known callers are counted with the others.
 */
export function boundedLabel(isKnown: (value: string) => boolean, limit: number): (value: string) => string {
  const named = new Set<string>();
  return (value) => {
    if (named.has(value)) return value;
    if (named.size >= limit || !isKnown(value)) return OTHER;
    named.add(value);
    return value;
  };
}
