import 'reflect-metadata';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { lines, record } from './support/intake.js';
import { withRoute } from './support/route.js';

const QUERY = '?cluster=lab&format=auto';

const line = (port: number): string => lines(record({ port }));

const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2]);

const utf16 = (text: string, isBigEndian: boolean): Buffer =>
  isBigEndian ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'utf16le');

test('files that were joined after they were packed are read to their end', () =>
  withRoute(async post => {
    const joined = {
      gzip: [gzipSync(line(1)), gzipSync(line(2)), gzipSync(line(3))],
      zstd: [line(4), line(5), line(6)].map(text => zstdCompressSync(text)),
      'zstd of a parallel packer': [
        SKIPPABLE,
        zstdCompressSync(line(7)),
        SKIPPABLE,
        zstdCompressSync(line(8)),
        zstdCompressSync(line(9)),
      ],
    };
    for (const [name, parts] of Object.entries(joined)) {
      const { status, body } = await post(QUERY, { body: Buffer.concat(parts) });
      assert.deepEqual([status, body['accepted']], [200, 3], name);
    }
  }));

test('UTF-16 is read with its mark and without', () =>
  withRoute(async post => {
    const bodies = [false, true].flatMap((isBigEndian, at) => [
      utf16(`\ufeff${line(10 + at)}`, isBigEndian),
      utf16(line(20 + at), isBigEndian),
    ]);
    for (const sent of bodies) {
      const { status, body } = await post(QUERY, { body: sent });
      assert.deepEqual([status, body['accepted']], [200, 1], sent.subarray(0, 4).toString('hex'));
    }
  }));

test('a file of another kind is refused by its name, and one that is torn says so', () =>
  withRoute(async post => {
    const tar = Buffer.alloc(1_024);
    tar.write('flows.json', 0);
    tar.write('ustar', 257);
    const bodies: readonly (readonly [RegExp, Buffer])[] = [
      [/Parquet/, Buffer.from('PAR1.....')],
      [/Parquet/, gzipSync('PAR1.....')],
      [/zip archive/, Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0])],
      [/tar archive/, gzipSync(tar)],
      [/capture of packets/, Buffer.from([0xd4, 0xc3, 0xb2, 0xa1, 2, 0])],
      [/SQLite/, Buffer.from('SQLite format 3\0')],
      [/packed with xz/, Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
      [/packed twice/, gzipSync(gzipSync(line(1)))],
      [/packed twice/, zstdCompressSync(gzipSync(line(1)))],
    ];
    for (const [what, sent] of bodies) {
      const { status, body } = await post(QUERY, { body: sent });
      assert.deepEqual([status, body.error?.code], [415, 'UNSUPPORTED_CONTENT'], String(what));
      assert.match(String(body.error?.message), what);
    }
    for (const torn of [gzipSync(line(1)), zstdCompressSync(line(1))]) {
      const { status, body } = await post(QUERY, { body: torn.subarray(0, torn.length - 9) });
      assert.deepEqual([status, body.error?.code?.startsWith('BROKEN_')], [400, true]);
      assert.match(String(body.error?.message), /ends before its end/);
    }
  }));
