import type { LeftOut } from '../workshop.ts';
import type { NewPicture } from '../write.ts';
import { type LabelWords, labelOf, textOf } from './labels.ts';
import { placeOf } from './place.ts';

/** A table's row, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** How rows of a table are read. */
export interface RowRules extends LabelWords {
  /** Column of the label; found by its name where none is given. */
  readonly labelColumn?: string;
  /** Column of the picture (parquet) or of its path (CSV). */
  readonly imageColumn?: string;
  /**
   * Takes only what validators take: a row whose scene_description is non-empty exactly when its label is 1. Without
   * a word it applies where there is such a column.
   */
  readonly validatorsFilter?: boolean;
  /** Names of the numbers in the label column, as a Hugging Face dataset lists them. */
  readonly labelNames?: readonly string[];
}

const LABEL_COLUMNS = ['label', 'labels', 'roadwork', 'class', 'class_name', 'category', 'target'];
const DESCRIPTION = 'scene_description';
const GROUP_COLUMNS = ['group', 'location', 'location_group', 'sequence', 'drive'];
const GPS_COLUMNS = ['gps', 'coordinates', 'location_gps'];
const CITY_COLUMNS = ['city_name', 'city'];
const TAG_STRUCTS = ['scene_level_tags', 'tags'];

/** The column that holds the labels. */
export function labelColumnOf(columns: readonly string[], { labelColumn }: RowRules): string | undefined {
  return find(columns, labelColumn === undefined ? LABEL_COLUMNS : [labelColumn]);
}

/** The first of the columns that bears one of the names, in any letter case. */
export function find(columns: readonly string[], names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = columns.find((column) => column.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a row says of its picture besides the pixels, or why it is left out. */
export function describeRow(
  row: Row,
  origin: string,
  source: string,
  rules: RowRules,
): Omit<NewPicture, 'load'> | LeftOut {
  const columns = Object.keys(row);
  const labelColumn = labelColumnOf(columns, rules);
  const raw = labelColumn === undefined ? undefined : row[labelColumn];
  const named =
    typeof raw === 'bigint' || typeof raw === 'number' ? rules.labelNames?.[Number(raw)] : undefined;
  const label = labelOf(named ?? raw, rules);
  if (label === undefined) {
    const shown = named ?? textOf(raw);
    return { origin, reason: shown?.trim() ? `its label is ${clip(shown)}` : 'it has no label' };
  }
  const description = textOf(row[find(columns, [DESCRIPTION, 'description', 'caption']) ?? ''])?.trim();
  const filters = rules.validatorsFilter ?? find(columns, [DESCRIPTION]) !== undefined;
  if (filters && ((description ?? '') !== '') !== (label === 1)) {
    return {
      origin,
      reason:
        label === 1
          ? 'validators do not use it: labelled roadwork, but without a scene_description'
          : 'validators do not use it: labelled none, but with a scene_description',
    };
  }
  const soft = Number(textOf(row[find(columns, ['soft', 'soft_label', 'probability']) ?? '']) ?? Number.NaN);
  const city = textOf(row[find(columns, CITY_COLUMNS) ?? ''])?.trim();
  const group = groupOf(row, columns, city);
  return {
    origin,
    label,
    source,
    ...(soft >= 0 && soft <= 1 && { soft }),
    ...(group !== undefined && { group }),
    ...licenceOf(row, columns),
    tags: tagsOf(row, columns, city),
    ...(description && { description }),
  };
}

function groupOf(row: Row, columns: readonly string[], city: string | undefined): string | undefined {
  const given = textOf(row[find(columns, GROUP_COLUMNS) ?? ''])?.trim();
  if (given) return `group:${given}`;
  const latitude = find(columns, ['latitude', 'lat']);
  const place =
    placeOf(row[find(columns, GPS_COLUMNS) ?? '']) ?? (latitude === undefined ? undefined : placeOf(row));
  return place ?? (city ? `city:${city}` : undefined);
}

function licenceOf(row: Row, columns: readonly string[]): { licence?: string } {
  const licence = textOf(row[find(columns, ['licence', 'license']) ?? ''])?.trim();
  return licence ? { licence } : {};
}

/** Tags of a struct become `name:value`; those of a list or of text with semicolons stay as they are. */
function tagsOf(row: Row, columns: readonly string[], city: string | undefined): string[] {
  const tags: string[] = [];
  const value = row[find(columns, TAG_STRUCTS) ?? ''];
  if (Array.isArray(value)) tags.push(...value.map((tag) => textOf(tag) ?? ''));
  else if (typeof value === 'string') tags.push(...value.split(';'));
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      for (const tag of Array.isArray(inner) ? inner : [inner]) {
        const text = textOf(tag)?.trim();
        if (text) tags.push(`${name}:${text}`);
      }
    }
  }
  if (city) tags.push(`city:${city}`);
  return [...new Set(tags.map((tag) => tag.trim().slice(0, 200)).filter((tag) => tag !== ''))].slice(0, 100);
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
