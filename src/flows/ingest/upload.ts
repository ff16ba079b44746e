import { clusterNameFault } from '../../inventory/cluster-name.js';
import { type Problem, Severity } from '../../netpol/index.js';
import { infoAt } from '../../query/problem.js';
import { formatNamed } from '../formats/formats.js';
import { readRecords } from '../formats/reading.js';
import { type JsonObject, recordsOf } from '../formats/record.js';
import { type Ingested, NOTHING_INGESTED } from './outcome.js';
import { CHUNK, type IngestInput } from './read-chunks.js';

/** What somebody sends, before anything of it is read. */
export type Upload = {
  /** Name of the cluster; the first flows create it. */
  readonly cluster: string;
  /** Name of the format, or an alias. */
  readonly format: string;
  /** Idempotency key, or null. */
  readonly key: string | null;
  /** Text, bytes as they arrive, or records that are parsed already. */
  readonly records: string | AsyncIterable<Uint8Array> | readonly JsonObject[];
};

/** Takes an opened upload into the store, for a caller. */
export type IngestUpload = (input: IngestInput) => Promise<Ingested>;

/** Takes an upload into the store, for a caller; the time is for the records of sources that have none of their own. */
export type TakeUpload = (upload: Upload, now: Date) => Promise<Ingested>;

const LONGEST_KEY = 255;

function keyFault(key: string | null): Problem | null {
  if (key === null) return null;
  if (key !== '' && key.length <= LONGEST_KEY && !/\p{Cc}/u.test(key)) return null;
  return {
    code: 'BAD_KEY',
    severity: Severity.ERROR,
    message: `key \`${key.slice(0, 40)}\` cannot be an idempotency key`,
    path: 'key',
    place: null,
    hint: `write 1 to ${LONGEST_KEY} characters`,
  };
}

async function* parsed(records: readonly JsonObject[]) {
  const all = recordsOf(records);
  for (let start = 0; start < all.length; start += CHUNK) yield all.slice(start, start + CHUNK);
}

const isList = (records: Upload['records']): records is readonly JsonObject[] =>
  Array.isArray(records);

const isNothing = ({
  accepted,
  skipped,
  rejected,
  duplicates,
  lost,
  problems,
}: Ingested): boolean => accepted + skipped + rejected + duplicates + lost + problems.length === 0;

const nothingSent = infoAt(
  'NOTHING_SENT',
  null,
  'the input holds no record',
  'where that was not meant, look at what made it',
);

const refused = (problem: Problem): Ingested => ({ ...NOTHING_INGESTED, problems: [problem] });

/**
 * Opens an upload in its format and takes it in. An unknown format, a name or a key that cannot be is an
 * ERROR, and then nothing of the records is read.
 * @param now for the records of sources that have no time of their own
 */
export async function takeUpload(
  ingest: IngestUpload,
  { cluster, format: name, key, records }: Upload,
  now: Date,
): Promise<Ingested> {
  const fault = clusterNameFault(cluster) ?? keyFault(key);
  if (fault !== null) return refused(fault);
  const { format, fault: unknown } = formatNamed(name);
  if (format === null)
    return refused({ ...unknown, severity: Severity.ERROR, path: 'format', place: null });
  const taken = await ingest({
    cluster,
    format: format.name,
    key,
    reader: format.open({ receivedAt: now.getTime() * 1000 }),
    records: isList(records) ? parsed(records) : readRecords(records),
  });
  return isNothing(taken) ? { ...taken, problems: [nothingSent] } : taken;
}
