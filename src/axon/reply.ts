/** A response, complete. Header names are sent as spelled here: dendrites read the lower-case `bt_header_` ones only. */
export interface Reply {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

const JSON_TYPE = ['content-type', 'application/json'] as const;

export function jsonReply(status: number, value: object, headers: readonly string[] = []): Reply {
  return { status, headers: [...headers, ...JSON_TYPE], body: JSON.stringify(value) };
}

/** Text that may stand in a header: printable ASCII of bounded length, everything else replaced. */
export function headerText(text: string, limit = 512): string {
  return text.slice(0, limit).replace(/[^\x20-\x7e]/g, '?');
}
