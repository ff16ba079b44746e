import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type HubbleLines, hubbleLines } from '../data/hubble.js';
import { timeOf, timeOfChildren } from '../measure/processor-time.js';
import { type Place, peakOf } from '../servers/weirgate.js';

/** A file of lines that is sent in one request. */
export type Upload = { readonly path: string; readonly key: string; readonly lines: number };

const PIECE = 500;

function* pieces(lines: Iterator<string>, count: number): Generator<string> {
  for (let sent = 0; sent < count; sent += PIECE) {
    let text = '';
    for (let line = sent; line < Math.min(sent + PIECE, count); line++)
      text += `${lines.next().value}\n`;
    yield text;
  }
}

/** Writes the lines to `parts` files of one folder, so that to make them costs nothing while they are sent. */
export async function filesOf(
  folder: string,
  shape: HubbleLines,
  parts: number,
): Promise<readonly Upload[]> {
  const lines = hubbleLines(shape);
  const uploads: Upload[] = [];
  for (let part = 0; part < parts; part++) {
    const upload = {
      path: join(folder, `part-${part}`),
      key: `part-${part}`,
      lines: shape.lines / parts,
    };
    await pipeline(Readable.from(pieces(lines, upload.lines)), createWriteStream(upload.path));
    uploads.push(upload);
  }
  return uploads;
}

export type Answer = {
  readonly accepted: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly duplicates: number;
};

/** `fetch` copies a body once more than a request of node:http does. */
export async function send(url: string, { path, key }: Upload): Promise<Answer> {
  const { size } = await stat(path);
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/ingest/flows?cluster=bench&format=hubble`,
      { method: 'POST', headers: { 'content-length': size, 'idempotency-key': key } },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', part => {
          text += part;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`the server answered ${response.statusCode}: ${text}`));
        });
      },
    );
    sent.on('error', reject);
    pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), sent).catch(reject);
  });
}

/** Seconds of processor time and of the clock. */
export type Cost = { readonly cpu: number; readonly wall: number };

const PARSED_AT_ONCE = 5_000;

/** Bare `JSON.parse` of every line in this thread; to read the files is not counted. */
export async function parseOnly(uploads: readonly Upload[]): Promise<Cost> {
  let [cpu, wall, flows] = [0, 0, 0];
  const parse = (lines: readonly string[]): void => {
    const [used, started] = [process.cpuUsage(), performance.now()];
    for (const line of lines) if (JSON.parse(line).flow !== undefined) flows++;
    wall += performance.now() - started;
    const { user, system } = process.cpuUsage(used);
    cpu += (user + system) / 1_000;
  };
  for (const { path } of uploads) {
    let lines: string[] = [];
    for await (const line of createInterface({ input: createReadStream(path) })) {
      lines.push(line);
      if (lines.length < PARSED_AT_ONCE) continue;
      parse(lines);
      lines = [];
    }
    parse(lines);
  }
  if (flows === 0) throw new Error('no line was a flow');
  return { cpu: cpu / 1_000, wall: wall / 1_000 };
}

export type Taken = {
  readonly lines: number;
  readonly wall: number;
  readonly server: number;
  readonly postgres: number;
  /** Bytes. */
  readonly peak: number;
};

/**
 * Sends the files one after the other, and every fifth one twice, which must change nothing. Counts the lines that
 * were sent.
 */
export async function takeAll(place: Place, uploads: readonly Upload[]): Promise<Taken> {
  const before = { server: timeOf(place.pid), postgres: timeOfChildren(place.postmaster) };
  const started = performance.now();
  let lines = 0;
  for (const [number, upload] of uploads.entries()) {
    const first = await send(place.url, upload);
    if (first.accepted + first.skipped !== upload.lines)
      throw new Error(`an upload was not taken: ${JSON.stringify(first)}`);
    lines += upload.lines;
    if (number % 5 !== 1) continue;
    const again = await send(place.url, upload);
    if (again.duplicates !== upload.lines)
      throw new Error(`a repeated upload was counted: ${JSON.stringify(again)}`);
    lines += upload.lines;
  }
  return {
    lines,
    wall: (performance.now() - started) / 1_000,
    server: (timeOf(place.pid) - before.server) / 1_000,
    postgres: (timeOfChildren(place.postmaster) - before.postgres) / 1_000,
    peak: await peakOf(place.pid),
  };
}
