/** Text that a page shows as it is. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/**
 * A whole page that loads nothing from anywhere.
 *
 * @param body HTML, escaped by the caller
 * @param script runs in the page; without one nothing may run
 */
export function page(
  title: string,
  body: string,
  style = '',
  script?: { code: string; nonce: string },
): string {
  const scripts = script === undefined ? '' : `; script-src 'nonce-${script.nonce}'; connect-src 'self'`;
  const images = script === undefined ? 'data:' : "'self'";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src ${images}; style-src 'unsafe-inline'${scripts}">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body { font: 15px/1.4 system-ui, sans-serif; margin: 2em; } table { border-collapse: collapse; margin: 1em 0; }
td, th { padding: 2px 12px 2px 0; text-align: left; }${style}</style></head>
<body>
${body}
${script === undefined ? '' : `<script nonce="${script.nonce}">${script.code}</script>`}
</body></html>
`;
}
