import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { constants, createZstdDecompress, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { cutAtFrames } from '../../src/http/zstd-frames.js';

const skippable = (kind: number, size: number): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50 + kind, 0);
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, Buffer.alloc(size, 0x28)]);
};

const packed = (text: string, level: number, hasChecksum: boolean): Buffer =>
  zstdCompressSync(Buffer.from(text), {
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_checksumFlag]: hasChecksum ? 1 : 0,
    },
  });

const cutBy = (bytes: Buffer, sizes: readonly number[]): readonly Buffer[] => {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
};

const unpacked = async (pieces: readonly Buffer[]): Promise<string> => {
  const source = Readable.from(cutAtFrames(Readable.from(pieces)), { objectMode: false });
  const chunks: Buffer[] = [];
  for await (const chunk of source.pipe(createZstdDecompress())) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.nat(3).map(times => 'flow '.repeat(times * 60_000)),
  fc.constant(''),
);

const frame = fc.oneof(
  fc
    .tuple(text, fc.constantFrom(1, 3, 9), fc.boolean())
    .map(([told, level, hasChecksum]) => ({ told, bytes: packed(told, level, hasChecksum) })),
  fc
    .tuple(fc.nat(15), fc.nat(50))
    .map(([kind, size]) => ({ told: '', bytes: skippable(kind, size) })),
);

test('zstd of any frames, cut anywhere, is the text of all of them', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(frame, { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 4 }),
      async (frames, sizes) => {
        const bytes = Buffer.concat(frames.map(one => one.bytes));
        // Some hundred bytes at a time at least: a piece of one byte each is tried below.
        const least = Math.ceil(bytes.length / 200);
        const pieces = cutBy(
          bytes,
          sizes.map(size => Math.max(size, least)),
        );
        assert.equal(await unpacked(pieces), frames.map(({ told }) => told).join(''));
      },
    ),
    { numRuns: 60 },
  ));

test('frames that come byte by byte are cut where they end, and what is no frame is handed on', async () => {
  const frames = [packed('one', 3, true), skippable(5, 0), packed('two', 3, false)];
  const whole = Buffer.concat(frames);
  assert.equal(await unpacked(cutBy(whole, [1])), 'onetwo');
  const cuts: number[] = [];
  for await (const piece of cutAtFrames(Readable.from([whole]))) cuts.push(piece.length);
  assert.deepEqual(
    cuts,
    frames.map(({ length }) => length),
  );
  await assert.rejects(unpacked([Buffer.concat([whole, Buffer.from('garbage')])]), {
    code: 'ZSTD_error_prefix_unknown',
  });
});
