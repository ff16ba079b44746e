import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SingleBar } from 'cli-progress';
import type { ApiClient } from '../client.js';
import { unreadable } from '../file-faults.js';
import { takeStdin } from '../offline/sources.js';
import { type CliIo, Failure } from '../shell.js';
import type { ApiProblem } from './problem-text.js';

/** What the server did with the records of one upload; each record is in one of the first four. */
export type IngestCounts = {
  readonly accepted: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly duplicates: number;
  /** Events that the source says it lost. */
  readonly lost: number;
};

export type Ingested = IngestCounts & { readonly problems: readonly ApiProblem[] };

export type Upload = {
  readonly cluster: string;
  readonly format: string;
  /** Idempotency key, or null. */
  readonly key: string | null;
  /** Ends it. */
  readonly signal?: AbortSignal;
};

/** A long upload over a bad line is worth several tries. */
const MOST_CUTS = 6;

/** Sends flow records as they are read, and answers the counts. */
export const uploadFlows = async (
  client: ApiClient,
  { cluster, format, key, signal }: Upload,
  body: string | AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>),
  headers: Readonly<Record<string, string>> = {},
): Promise<Ingested> => {
  const query = new URLSearchParams({ cluster, format });
  const answer = await client.post({
    path: `/ingest/flows?${query}`,
    body,
    cuts: MOST_CUTS,
    signal: signal ?? null,
    headers: {
      'content-type': 'application/x-ndjson',
      ...(key === null ? {} : { 'idempotency-key': key }),
      ...headers,
    },
  });
  return answer as Ingested;
};

type Input = {
  /** Standard input is read once; a file as often as it takes. */
  readonly bytes: AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>);
  /** Of the file; null where nobody knows. */
  readonly size: number | null;
  /** `content-encoding` of the bytes; null: plain. */
  readonly encoding: string | null;
};

/** What is packed goes as it is; the server unpacks it. */
const encodingOf = (path: string): string | null => {
  if (/\.gz$/i.test(path)) return 'gzip';
  return /\.(?:zst|zstd)$/i.test(path) ? 'zstd' : null;
};

/** @throws Failure for what is no file that can be read */
const sizeOf = async (path: string): Promise<number> => {
  const found = await stat(path).catch(error => {
    throw unreadable(path, error);
  });
  if (found.isDirectory())
    throw new Failure(
      `\`${path}\` is a folder`,
      'name files with flow records, or `-` for standard input',
    );
  await access(path, constants.R_OK).catch(error => {
    throw unreadable(path, error);
  });
  return found.size;
};

/** Before anything is started for it. @throws Failure for what is no file that can be read */
export const assertReadable = async (path: string): Promise<void> => {
  if (path !== '-') await sizeOf(path);
};

const openInput = async (path: string, stdin: NodeJS.ReadableStream): Promise<Input> => {
  if (path === '-')
    return { bytes: takeStdin(stdin) as AsyncIterable<Buffer>, size: null, encoding: null };
  return {
    bytes: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
    size: await sizeOf(path),
    encoding: encodingOf(path),
  };
};

const isTerminal = (stream: NodeJS.WritableStream): boolean =>
  (stream as Partial<NodeJS.WriteStream>).isTTY === true;

const progressOf = async (
  name: string,
  size: number | null,
  { stderr }: CliIo,
): Promise<SingleBar | null> => {
  if (size === null || !isTerminal(stderr)) return null;
  const { Presets, SingleBar } = await import('cli-progress');
  const bar = new SingleBar(
    { stream: stderr, format: `${name} {bar} {percentage}% of {size}`, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(size, 0, { size: `${(size / 1e6).toFixed(1)} MB` });
  return bar;
};

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  bar: SingleBar | null,
): AsyncGenerator<Uint8Array> {
  bar?.update(0);
  for await (const chunk of bytes) {
    bar?.increment(chunk.length);
    yield chunk;
  }
}

/** Sends one file, or standard input for `-`, with progress on a terminal; a packed file goes as it is. */
export const uploadFile = async (
  client: ApiClient,
  upload: Upload,
  path: string,
  io: CliIo,
): Promise<Ingested> => {
  const { bytes, size, encoding } = await openInput(path, io.stdin);
  const bar = await progressOf(basename(path), size, io);
  try {
    const headers: Record<string, string> =
      encoding === null ? {} : { 'content-encoding': encoding };
    const body = typeof bytes === 'function' ? () => counted(bytes(), bar) : counted(bytes, bar);
    return await uploadFlows(client, upload, body, headers);
  } finally {
    bar?.stop();
  }
};
