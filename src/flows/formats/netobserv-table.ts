import { objectOf } from './coerce.js';
import { cellsOf } from './csv-dialect.js';
import type { JsonObject } from './record.js';

/** The columns of a table that the console exported; null: the line names none. */
export const columnsOf = (text: string): readonly string[] | null => {
  if (!text.includes('SrcAddr') || !text.includes('DstAddr')) return null;
  const cells = cellsOf(text, ',');
  return cells?.includes('SrcAddr') && cells.includes('DstAddr') ? cells : null;
};

const NUMBER = /^\d+(?:\.\d+)?(?:e\+?\d+)?$/;
const LIST = /^\[(.*)\]$/s;
const MAP = /map\[([^\]]*)\]/g;
const PAIR = /(\w+):(\S+)/g;

const mapOf = (text: string): JsonObject =>
  Object.fromEntries([...text.matchAll(PAIR)].map(([, key = '', value = '']) => [key, value]));

/** As Go prints a value: large numbers with an exponent, `[a b]`, `[map[k:v k:v]]`, and `<nil>` for none. */
const cellValue = (cell: string): unknown => {
  if (cell === '' || cell === '<nil>') return null;
  if (NUMBER.test(cell)) return Number(cell);
  const list = LIST.exec(cell)?.[1];
  if (list === undefined) return cell;
  const maps = [...list.matchAll(MAP)].map(([, inside = '']) => mapOf(inside));
  return maps.length > 0 ? maps : list.split(' ').filter(one => one !== '');
};

/** The flow of a row; null: it has another number of cells than the header, or a quote without an end. */
export const rowOf = (columns: readonly string[], text: string): JsonObject | null => {
  const cells = cellsOf(text, ',');
  if (cells?.length !== columns.length) return null;
  return Object.fromEntries(columns.map((column, at) => [column, cellValue(cells[at] ?? '')]));
};

/** The console's own records keep Loki's labels beside the fields of the line. */
export const flatOf = (value: JsonObject): JsonObject => {
  const fields = objectOf(value['fields']);
  return fields === null ? value : { ...objectOf(value['labels']), ...fields };
};
