/**
 * Measures: Hubble lines through HTTP into a durable Postgres that was never analysed; one upload of five is sent twice.
 * Data: 1,000,000 lines over 50,000 distinct edges in five uploads (`--quick`: 50,000 lines over 5,000).
 * Reference: bare `JSON.parse` of the same lines in one thread, in the same run.
 * Goal: 0.4 of its rate, 60,000 lines/s on 2 cores, the server under 1 GB.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOf, parseOnly, takeAll } from './ingest/uploads.js';
import { sized } from './measure/options.js';
import { count, report, times } from './measure/report.js';
import { withServer } from './servers/weirgate.js';

const SHAPE = sized({ lines: 1_000_000, edges: 50_000 }, { lines: 50_000, edges: 5_000 });
const GIGABYTE = 2 ** 30;

const folder = await mkdtemp(join(tmpdir(), 'weirgate-lines-'));
try {
  const uploads = await filesOf(folder, { ...SHAPE, seed: 1 }, 5);
  const parsed = await parseOnly(uploads);
  const taken = await withServer(place => takeAll(place, uploads));
  const rate = taken.lines / taken.wall;
  const bare = SHAPE.lines / parsed.wall;
  const ratio = rate / bare;
  const microseconds = (seconds: number, lines: number): string =>
    `${count((seconds * 1e6) / lines)} µs`;
  const perLine = (seconds: number): string => microseconds(seconds, taken.lines);
  report('ingest', [
    {
      what: 'JSON.parse of each line, one thread',
      value: `${count(bare)} lines/s`,
      cpu: microseconds(parsed.cpu, SHAPE.lines),
    },
    {
      what: `Hubble lines into Postgres, ${count(SHAPE.edges)} edges`,
      value: `${count(rate)} lines/s`,
      cpu: `server ${perLine(taken.server)}, Postgres ${perLine(taken.postgres)}`,
      ratio: times(ratio),
      goal: '≥ 0.4 ×, 60,000/s',
      reached: ratio >= 0.4 && rate >= 60_000 && taken.peak < GIGABYTE,
      memory: { peak: taken.peak, heap: 0 },
    },
  ]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
