import type { DatasetEntry, Split } from './format.ts';
import { SPLITS } from './format.ts';
import { escapeHtml, page } from './html.ts';
import type { Dataset } from './open.ts';
import type { DatasetSummary } from './summary.ts';

const THUMBNAIL = 200;

export interface ContactSheetOptions {
  /** Pictures of each class in each split. */
  readonly each?: number;
}

/**
 * A page with pictures of every class and split, everything in one file: it can be mailed, and asks no server for
 * anything. Points in objects are drawn as dots.
 */
export async function contactSheet(
  dataset: Dataset,
  summary: DatasetSummary,
  { each = 24 }: ContactSheetOptions = {},
): Promise<string> {
  const shown = new Map<string, DatasetEntry[]>();
  for await (const entry of dataset.entries()) {
    const key = `${entry.split} ${entry.label}`;
    const list = shown.get(key) ?? [];
    if (list.length < each) list.push(entry);
    shown.set(key, list);
  }
  const sections: string[] = [];
  for (const split of SPLITS) {
    for (const label of [1, 0] as const) {
      const entries = shown.get(`${split} ${label}`) ?? [];
      if (entries.length > 0) sections.push(await section(dataset, split, label, entries));
    }
  }
  const { manifest } = dataset;
  return page(
    `Dataset ${manifest.name}`,
    `<h1>${escapeHtml(manifest.name)}</h1>
<p>${manifest.counts.pictures} pictures, fingerprint <code>${dataset.fingerprint.slice(0, 16)}</code>,
made ${escapeHtml(manifest.made.at)} by ${escapeHtml(manifest.made.by)}.</p>
${table(
  ['split', 'roadwork', 'none'],
  summary.splits.map(({ split, roadwork, none }) => [split, roadwork, none]),
)}
${table(
  ['source', 'licence', 'pictures'],
  summary.sources.map(({ id, licence, pictures }) => [id, licence, pictures]),
)}
${table(
  ['tag', 'pictures', 'with roadwork'],
  summary.tags.slice(0, 20).map(({ tag, pictures, roadwork }) => [tag, pictures, roadwork]),
)}
${sections.join('\n')}`,
    STYLE,
  );
}

const STYLE = `
section { display: grid; grid-template-columns: repeat(auto-fill, minmax(${THUMBNAIL}px, 1fr)); gap: 8px; }
section h2 { grid-column: 1 / -1; }
figure { margin: 0; } figure div { position: relative; line-height: 0; } figure img { width: 100%; }
figcaption { font-size: 12px; color: GrayText; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
i { position: absolute; width: 8px; height: 8px; margin: -4px; border: 2px solid #fff; border-radius: 50%; background: #d00; }`;

async function section(
  dataset: Dataset,
  split: Split,
  label: 0 | 1,
  entries: readonly DatasetEntry[],
): Promise<string> {
  const figures: string[] = [];
  for (const entry of entries) figures.push(await figure(dataset, entry));
  const { none, roadwork } = dataset.manifest.counts[split];
  const name = label === 1 ? 'roadwork' : 'none';
  const total = label === 1 ? roadwork : none;
  return `<section><h2>${split}: ${name} (${entries.length} of ${total})</h2>\n${figures.join('\n')}</section>`;
}

async function figure(dataset: Dataset, entry: DatasetEntry): Promise<string> {
  const picture = await thumbnail(await dataset.read(entry));
  const dots = (entry.objects ?? [])
    .slice(0, 20)
    .map(([x, y]) => `<i style="left:${percent(x, entry.width)};top:${percent(y, entry.height)}"></i>`)
    .join('');
  const about = `${entry.group} · ${entry.tags.join(', ')}`;
  const full = `${entry.sha256}\n${entry.width}×${entry.height} ${entry.format}\n${about}\n${entry.description ?? ''}`;
  return (
    `<figure title="${escapeHtml(full)}"><div><img alt="" loading="lazy" src="${picture}">${dots}</div>` +
    `<figcaption>${escapeHtml(entry.sha256.slice(0, 8))} · ${escapeHtml(about)}</figcaption></figure>`
  );
}

/** A small JPEG as a data URI. */
async function thumbnail(bytes: Uint8Array): Promise<string> {
  const { default: sharp } = await import('sharp');
  const small = await sharp(bytes, { limitInputPixels: 50e6 })
    .resize(THUMBNAIL, THUMBNAIL, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 70 })
    .toBuffer();
  return `data:image/jpeg;base64,${small.toString('base64')}`;
}

function percent(value: number, of: number): string {
  return `${((100 * value) / of).toFixed(1)}%`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly (string | number)[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(String(cell))}</${tag}>`).join('')}</tr>`;
  return `<table>${line(head, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table>`;
}
