/** Ids of the records of chunks, in a table that is never more than half full. */
type Table = {
  /** 0: an empty place. */
  readonly ids: Float64Array;
  /** Number of the first record with that id, counted through all chunks. */
  readonly records: Uint32Array;
  readonly mask: number;
};

export type KnownRecords = {
  /** What has one of these ids repeats a record that is stored. */
  readonly meet: (ids: Float64Array) => void;
  /** For each chunk, 1 where a record repeats another; null where none does. */
  readonly repeats: () => readonly (Uint8Array | null)[];
};

const newTable = (records: number): Table => {
  let size = 16;
  while (size < records * 2) size *= 2;
  return { ids: new Float64Array(size), records: new Uint32Array(size), mask: size - 1 };
};

/** Where the id is, or would be. */
function placeOf({ ids, mask }: Table, id: number): number {
  let place = (id >>> 0) & mask;
  while (ids[place] !== 0 && ids[place] !== id) place = (place + 1) & mask;
  return place;
}

/** Enters an id; false where it is there already. */
function enter(table: Table, id: number, record: number): boolean {
  const place = placeOf(table, id);
  if (table.ids[place] === id) return false;
  table.ids[place] = id;
  table.records[place] = record;
  return true;
}

/** Marks in `repeated` what has an id that a record before it has. */
function tableOf(chunks: readonly Float64Array[], repeated: Uint8Array): Table {
  const table = newTable(repeated.length);
  let record = 0;
  for (const ids of chunks)
    for (const id of ids) {
      if (id !== 0 && !enter(table, id, record)) repeated[record] = 1;
      record += 1;
    }
  return table;
}

/**
 * Tells which records of chunks repeat one that is stored, or one before them: their ids are in one table, which those
 * that are stored pass by, so that memory follows from the chunks and not from what is remembered.
 * @param chunks ids of the records of each, 0 for a record without
 */
export function knownRecords(chunks: readonly Float64Array[]): KnownRecords {
  const repeated = new Uint8Array(chunks.reduce((sum, ids) => sum + ids.length, 0));
  const table = tableOf(chunks, repeated);
  return {
    meet: ids => {
      for (const id of ids) {
        const place = placeOf(table, id);
        if (id !== 0 && table.ids[place] === id) repeated[table.records[place] as number] = 1;
      }
    },
    repeats: () => {
      let start = 0;
      return chunks.map(({ length }) => {
        const own = repeated.subarray(start, start + length);
        start += length;
        return own.includes(1) ? own : null;
      });
    },
  };
}
