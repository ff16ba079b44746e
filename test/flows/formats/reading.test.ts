import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReadOptions, readRecords } from '../../../src/flows/formats/reading.js';

type Seen = { readonly line: number; readonly value?: unknown; readonly code?: string };

const bytes = async function* (text: string, size: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
};

const read = async (
  input: AsyncIterable<Uint8Array> | string,
  options: ReadOptions = {},
): Promise<readonly Seen[]> => {
  const seen: Seen[] = [];
  for await (const batch of readRecords(input, options))
    for (const { line, value, fault } of batch)
      seen.push(fault === null ? { line, value } : { line, code: fault.code });
  return seen;
};

const one = { n: 1 };
const two = { n: 2, text: 'a } b { "quoted" \\ ] é€😀' };
const lines = (...values: readonly unknown[]): string =>
  values.map(value => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');

const cases: readonly (readonly [string, string, readonly Seen[]])[] = [
  ['nothing gives nothing', '', []],
  ['blank lines are passed', '\n  \n\r\n', []],
  [
    'blank lines count, at the start and between records',
    '\n \t\n{"n":1}\n\n\r\n  {"n":1}\n\u001e\n{"n":1}\n ',
    [3, 6, 8].map(line => ({ line, value: one })),
  ],
  [
    'one object a line is a record each, with or without a final line end',
    `${lines(one, two)}\n`,
    [
      { line: 1, value: one },
      { line: 2, value: two },
    ],
  ],
  [
    'a carriage return belongs to the line end',
    '{"n":1}\r\n{"n":1}\r\n',
    [
      { line: 1, value: one },
      { line: 2, value: one },
    ],
  ],
  ['a byte order mark is passed', '\ufeff{"n":1}\n', [{ line: 1, value: one }]],
  [
    'the character U+0000 is a fault, its escape shown as text is not',
    lines('{"n":"\\u0000"}', '{"log":"{\\"n\\":\\"\\\\u0000\\"}"}', '{"n":"\\\\u0000"}', one),
    [
      { line: 1, code: 'NUL_CHARACTER' },
      { line: 2, code: 'NUL_CHARACTER' },
      { line: 3, value: { n: '\\u0000' } },
      { line: 4, value: one },
    ],
  ],
  [
    'a line that is no JSON is a fault and the rest goes on',
    lines(one, 'this is not json', two),
    [
      { line: 1, value: one },
      { line: 2, code: 'NOT_JSON' },
      { line: 3, value: two },
    ],
  ],
  [
    'a bare value is a fault',
    lines('42', one),
    [
      { line: 1, code: 'NOT_JSON' },
      { line: 2, value: one },
    ],
  ],
  [
    'a line that was cut inside a string costs itself only',
    lines('{"n":1,"te', two),
    [
      { line: 1, code: 'TRUNCATED' },
      { line: 2, value: two },
    ],
  ],
  [
    'a line that was cut between strings costs itself only',
    lines(one, '{"n":1,', two),
    [
      { line: 1, value: one },
      { line: 2, code: 'TRUNCATED' },
      { line: 3, value: two },
    ],
  ],
  [
    'a last line that is still being written is a fault',
    lines(one, '{"n":'),
    [
      { line: 1, value: one },
      { line: 2, code: 'TRUNCATED' },
    ],
  ],
  [
    'pretty-printed objects are records at their first line',
    `${JSON.stringify(one, null, 2)}\n${JSON.stringify(two, null, 2)}\n`,
    [
      { line: 1, value: one },
      { line: 4, value: two },
    ],
  ],
  [
    'a list on one line is its members',
    JSON.stringify([one, two]),
    [
      { line: 1, value: one },
      { line: 1, value: two },
    ],
  ],
  [
    'a pretty-printed list is its members, and lines may follow it',
    `${JSON.stringify([one, two], null, 1)}\n${JSON.stringify(one)}`,
    [
      { line: 2, value: one },
      { line: 5, value: two },
      { line: 10, value: one },
    ],
  ],
  [
    'a list with a member a line is its members',
    `[\n${JSON.stringify(one)},\n${JSON.stringify(two)}\n]\n`,
    [
      { line: 2, value: one },
      { line: 3, value: two },
    ],
  ],
  [
    'objects one after another on a line are records',
    `${JSON.stringify(one)}${JSON.stringify(two)} ${JSON.stringify(one)}`,
    [
      { line: 1, value: one },
      { line: 1, value: two },
      { line: 1, value: one },
    ],
  ],
  [
    "the kubelet's prefix is taken off, and its parts are put together",
    lines(
      '2024-05-01T10:00:00.1Z stdout F {"n":1}',
      '2024-05-01T10:00:00.2Z stdout P {"n"',
      '2024-05-01T10:00:00.2Z stdout F :1}',
      '2024-05-01T10:00:00.3Z stderr F starting',
    ),
    [
      { line: 1, value: one },
      { line: 2, value: one },
      { line: 4, code: 'NOT_JSON' },
    ],
  ],
  [
    'the `log` field of fluent-bit and Docker is the record',
    lines({ log: '{"n":1}\n', stream: 'stdout' }, { log: '2024-05-01T10:00:00Z stdout F {"n":1}' }),
    [
      { line: 1, value: one },
      { line: 2, value: one },
    ],
  ],
  [
    "Loki's answer is its lines",
    lines({
      status: 'success',
      data: {
        resultType: 'streams',
        result: [
          {
            stream: { app: 'x' },
            values: [
              ['1', '{"n":1}'],
              ['2', 'oops'],
            ],
          },
        ],
      },
    }),
    [
      { line: 1, value: one },
      { line: 1, code: 'NOT_JSON' },
    ],
  ],
  [
    "CloudWatch's log events are their messages",
    lines({ logEvents: [{ id: '1', message: '{"n":1}' }] }),
    [{ line: 1, value: one }],
  ],
];

for (const [title, text, expected] of cases)
  test(title, async () => {
    assert.deepEqual(await read(text), expected);
    for (const size of [1, 7, 64])
      assert.deepEqual(await read(bytes(text, size)), expected, `in pieces of ${size} bytes`);
  });

test('a record longer than 64 KiB is read, one over the limit is a fault and the rest goes on', async () => {
  const long = { text: 'x'.repeat(200_000) };
  const tooLong = { text: 'y'.repeat(300_000) };
  const expected = [
    { line: 1, value: long },
    { line: 2, code: 'TOO_LONG' },
    { line: 3, value: one },
  ];
  const text = lines(long, tooLong, one);
  const options = { maxRecordBytes: 250_000 };
  assert.deepEqual(await read(text, options), expected);
  assert.deepEqual(await read(bytes(text, 10_000), options), expected);
});

test('a list on one line may be longer than a record may', async () => {
  const members = Array.from({ length: 400 }, (_, n) => ({ n, text: 'a\\"]}{'.repeat(n % 30) }));
  const expected = members.map(value => ({ line: 1, value }));
  const options = { maxRecordBytes: 1000 };
  assert.deepEqual(await read(JSON.stringify(members), options), expected);
  assert.deepEqual(await read(bytes(JSON.stringify(members), 333), options), expected);
});

test('a member of a list over the limit is a fault and the next one is read', async () => {
  const text = JSON.stringify([{ text: 'z'.repeat(5000) }, one]);
  const expected = [
    { line: 1, code: 'TOO_LONG' },
    { line: 1, value: one },
  ];
  assert.deepEqual(await read(text, { maxRecordBytes: 1000 }), expected);
  assert.deepEqual(await read(bytes(text, 100), { maxRecordBytes: 1000 }), expected);
});

test("Loki's answer may be longer than a record may", async () => {
  const values = Array.from({ length: 500 }, (_, n) => [String(n), JSON.stringify({ n })]);
  const text = JSON.stringify({ status: 'success', data: { result: [{ stream: {}, values }] } });
  const seen = await read(bytes(text, 4096), { maxRecordBytes: 1000 });
  assert.deepEqual(
    seen,
    values.map((_, n) => ({ line: 1, value: { n } })),
  );
});

test('a record keeps its own text, which a chunk can be told by', async () => {
  for await (const batch of readRecords('{"n":1}\n{"n": 1 }\n'))
    assert.deepEqual(
      batch.map(record => record.text),
      ['{"n":1}', '{"n": 1 }'],
    );
});
