import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALL_PORTS,
  formatPortSet,
  NO_PORTS,
  portSetOf,
} from '../../../src/netpol/ports/port-set.js';
import { NOTHING, type TrafficId, trafficTable } from '../../../src/netpol/ports/traffic.js';
import { ascending, intersect, subtract, unite } from '../../../src/netpol/ranges.js';

const tcp = (from: number, to = from) => ({ protocol: 'TCP' as const, from, to });
const udp = (from: number, to = from) => ({ protocol: 'UDP' as const, from, to });

test('a set of ports is written by protocol, single ports and ranges, and in words where it is all or nothing', () => {
  assert.equal(formatPortSet(ALL_PORTS), 'All Connections');
  assert.equal(formatPortSet(NO_PORTS), 'No Connections');
  assert.equal(formatPortSet(portSetOf([tcp(1, 65_535)])), 'TCP 1-65535');
  assert.equal(formatPortSet(portSetOf([udp(53), tcp(443), tcp(80, 81)])), 'TCP 80-81,443,UDP 53');
});

test('ranges that touch or overlap become one, in any order', () => {
  const range = (from: number, to: number) => ({ from, to });
  assert.deepEqual(unite([range(5, 5), range(1, 1), range(6, 6), range(3, 3)]), [
    range(1, 1),
    range(3, 3),
    range(5, 6),
  ]);
  assert.deepEqual(unite([range(1, 9), range(2, 3), range(10, 12)]), [range(1, 12)]);
  assert.deepEqual(intersect([range(1, 5), range(8, 9)], [range(4, 8)]), [
    range(4, 5),
    range(8, 8),
  ]);
  assert.deepEqual(subtract([range(1, 9)], [range(1, 2), range(5, 5), range(9, 9)]), [
    range(3, 4),
    range(6, 8),
  ]);
  assert.deepEqual([ascending(1, 2), ascending(2, 2), ascending(2, 1)], [-1, 0, 1]);
});

test('operations on tens of thousands of sets answer each pair of numbers for itself', () => {
  const table = trafficTable();
  const numbers = Array.from({ length: 65_535 }, (_, place) =>
    table.numberOf(portSetOf([tcp(place + 1)]), false),
  );
  const more = numbers.length + 3;
  const late = [udp(53), udp(54)].map(range => table.numberOf(portSetOf([range]), false));
  assert.ok(late.every(number => number >= more));
  const pairs = [
    [2_049, 7_232],
    [5, 32_768 + 7],
    [6, 7],
    [1 + 3, 65_536 + 1],
    [5, 32_768 + 1],
    [32_768 + 7, 5],
    [40_000, 50_000],
    [3, 40_000],
  ];
  const united = (one: TrafficId, other: TrafficId) =>
    formatPortSet(table.at(table.unite(one, other)).ports);
  const written = (number: TrafficId) => formatPortSet(table.at(number).ports);
  for (const [one = NOTHING, other = NOTHING] of pairs as TrafficId[][]) {
    const fresh = trafficTable();
    const parts = [one, other].map(number => fresh.numberOf(table.at(number).ports, false));
    const expected = formatPortSet(
      fresh.at(fresh.unite(parts[0] ?? NOTHING, parts[1] ?? NOTHING)).ports,
    );
    assert.equal(united(one, other), expected, `${written(one)} and ${written(other)}`);
  }
});
