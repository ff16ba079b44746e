import type { RowKey } from './row-key.js';

/** What an id of the API stands for. */
export type NodeKey = {
  /** Name of the object type. */
  readonly type: string;
  /** 0 for things of no cluster. */
  readonly clusterId: number;
  /** The uuid within the cluster; null: the cluster itself. */
  readonly rowId: string | null;
};

const WRITTEN =
  /^([A-Za-z]{1,64}):(0|[1-9]\d{0,9})(?::([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}))?$/;
const LARGEST_INT = 2 ** 31 - 1;

export const encodeId = (type: string, clusterId: number, rowId: string | null = null): string =>
  Buffer.from(`${type}:${clusterId}${rowId === null ? '' : `:${rowId}`}`).toString('base64url');

/** @returns null for what `encodeId` never gave. */
export function decodeId(id: string): NodeKey | null {
  const text = Buffer.from(id, 'base64url').toString('latin1');
  const [, type, cluster, rowId = null] = WRITTEN.exec(text) ?? [];
  if (type === undefined || cluster === undefined) return null;
  const clusterId = Number(cluster);
  if (clusterId > LARGEST_INT || encodeId(type, clusterId, rowId) !== id) return null;
  return { type, clusterId, rowId };
}

/** @returns null where the id is none of this type */
export function rowKey(type: string, id: string): RowKey | null {
  const key = decodeId(id);
  if (key?.type !== type || key.rowId === null) return null;
  return { clusterId: key.clusterId, id: key.rowId };
}
