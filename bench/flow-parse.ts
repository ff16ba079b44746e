/**
 * Measures: Hubble lines from bytes to observations, in one thread, without a database.
 * Data: 200,000 lines over 50,000 distinct edges (`--quick`: 40,000 over 10,000), made here.
 * Reference: `JSON.parse` of the same lines in the same run. Goal of the whole ingest: 0.4 of it.
 */
import { hubble } from '../src/flows/formats/hubble.js';
import { readRecords } from '../src/flows/formats/reading.js';
import { hubbleLines } from './data/hubble.js';

const CHUNK = 5_000;
const PIECE = 1 << 16;

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

const parseOnly = (lines: readonly string[]): number => {
  let flows = 0;
  for (const line of lines) if (JSON.parse(line).flow !== undefined) flows++;
  return flows;
};

const readOnly = async (bytes: Buffer): Promise<number> => {
  let records = 0;
  for await (const batch of readRecords(inPieces(bytes))) records += batch.length;
  return records;
};

const observe = async (bytes: Buffer): Promise<number> => {
  const reader = hubble.open({ receivedAt: Date.now() * 1000 });
  let records = 0;
  let observed = 0;
  for await (const batch of readRecords(inPieces(bytes)))
    for (const record of batch) {
      reader.push(record);
      if (++records % CHUNK === 0) observed += reader.take().observations.length;
    }
  return observed + reader.take().observations.length;
};

const ROUNDS = 5;

type Work = { readonly name: string; readonly run: () => number | Promise<number> };

/** Lines a second of each work: the best of some rounds, taken in turns so that all meet the same noise. */
const ratesOf = async (lines: number, works: readonly Work[]): Promise<readonly number[]> => {
  const best = works.map(() => 0);
  for (let round = 0; round < ROUNDS; round++)
    for (const [place, { run }] of works.entries()) {
      const start = performance.now();
      await run();
      const rate = (lines * 1000) / (performance.now() - start);
      best[place] = Math.max(best[place] ?? 0, rate);
    }
  return best;
};

const quick = process.argv.includes('--quick');
const size = quick ? { lines: 40_000, edges: 10_000 } : { lines: 200_000, edges: 50_000 };
const lines = [...hubbleLines({ ...size, seed: 1 })];
const bytes = Buffer.from(`${lines.join('\n')}\n`);

const works: readonly Work[] = [
  { name: 'JSON.parse of each line', run: () => parseOnly(lines) },
  { name: 'bytes to records', run: () => readOnly(bytes) },
  { name: 'bytes to observations', run: () => observe(bytes) },
];
const rates = await ratesOf(lines.length, works);
for (const [place, rate] of rates.entries())
  console.log(
    `flow-parse: ${works[place]?.name.padEnd(24)} ${Math.round(rate).toLocaleString('en')} lines/s, ${(rate / (rates[0] ?? 1)).toFixed(2)} of JSON.parse`,
  );
