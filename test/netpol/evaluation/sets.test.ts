import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAddress, parseAddress } from '../../../src/netpol/addresses/address.js';
import {
  type Block,
  contains,
  parseCidr,
  subtractBlock,
} from '../../../src/netpol/addresses/block.js';
import {
  ALL_PORTS,
  containsPort,
  equalPorts,
  formatPortSet,
  intersectPorts,
  isAllPorts,
  isNoPorts,
  NO_PORTS,
  portSetOf,
  subtractPorts,
  unitePorts,
} from '../../../src/netpol/index.js';

const addresses: Readonly<Record<string, string | null>> = {
  '0.0.0.0': '0.0.0.0',
  '255.255.255.255': '255.255.255.255',
  '10.1.2.3': '10.1.2.3',
  '10.01.2.3': null,
  '256.0.0.1': null,
  '1.2.3': null,
  '': null,
  '::': '::',
  '::1': '::1',
  'FD00::1': 'fd00::1',
  '2001:db8:0:0:1:0:0:1': '2001:db8::1:0:0:1',
  '2001:db8:0:1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
  '1:0:0:0:0:0:0:0': '1::',
  '0:0:1::': '0:0:1::',
  '::ffff:10.0.0.1': '10.0.0.1',
  '64:ff9b::10.0.0.1': '64:ff9b::a00:1',
  '1::2::3': null,
  '1:2:3:4:5:6:7': null,
  '1:2:3:4:5:6:7::8': null,
  'g::': null,
};

test('addresses are read as Kubernetes reads them and written as RFC 5952 says', () => {
  const read = Object.keys(addresses).map(text => {
    const address = parseAddress(text);
    return [text, address === null ? null : formatAddress(address)];
  });
  assert.deepEqual(Object.fromEntries(read), { ...addresses, '0:0:1::': '0:0:1::' });
});

test('writing an address and reading it again gives the same', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.nat(0xffff_ffff),
        fc.bigInt({ min: 0x1_0000_0000_0000n, max: (1n << 128n) - 1n }),
      ),
      address => {
        assert.equal(parseAddress(formatAddress(address)), address);
      },
    ),
  );
});

const blockOf = (cidr: string): Block => {
  const block = parseCidr(cidr);
  assert.ok(block, cidr);
  return block;
};

const holds = (block: Block, text: string): boolean => {
  const address = parseAddress(text);
  assert.ok(address !== null);
  return contains(block, address);
};

test('a CIDR covers its prefix, whatever its host bits, and only its family', () => {
  const ten = blockOf('10.9.8.7/8');
  assert.ok(holds(ten, '10.0.0.0') && holds(ten, '10.255.255.255'));
  assert.ok(!holds(ten, '9.255.255.255') && !holds(ten, '11.0.0.0') && !holds(ten, '::'));
  const mapped = blockOf('::ffff:10.0.0.0/104');
  assert.ok(holds(mapped, '10.4.4.4') && !holds(mapped, '11.0.0.0'));
  assert.ok(holds(blockOf('::/0'), 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'));
  assert.ok(holds(blockOf('0.0.0.0/0'), '255.255.255.255'));
  assert.deepEqual(
    [
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0/8',
      '::/129',
      '10.0.0.0/8/8',
      '10.0.0.0/08',
    ].map(parseCidr),
    Array(7).fill(null),
  );
});

test('an except takes its addresses out', () => {
  const left = subtractBlock(blockOf('10.0.0.0/8'), blockOf('10.0.0.0/9'));
  assert.ok(!holds(left, '10.127.255.255') && holds(left, '10.128.0.0'));
});

const range = fc
  .tuple(fc.constantFrom('TCP', 'UDP', 'SCTP'), fc.integer({ min: 1, max: 20 }), fc.nat(5))
  .map(([protocol, from, length]) => ({ protocol, from, to: from + length }) as const);
const sets = fc.array(range, { maxLength: 5 }).map(portSetOf);

test('sets of ports are united, intersected and subtracted port by port', () => {
  fc.assert(
    fc.property(sets, sets, (one, other) => {
      for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) {
        for (let port = 1; port <= 26; port++) {
          const [a, b] = [containsPort(one, protocol, port), containsPort(other, protocol, port)];
          assert.equal(containsPort(unitePorts(one, other), protocol, port), a || b);
          assert.equal(containsPort(intersectPorts(one, other), protocol, port), a && b);
          assert.equal(containsPort(subtractPorts(one, other), protocol, port), a && !b);
        }
      }
      assert.ok(equalPorts(unitePorts(one, other), unitePorts(other, one)));
      assert.ok(isNoPorts(subtractPorts(one, one)));
      assert.ok(equalPorts(subtractPorts(ALL_PORTS, subtractPorts(ALL_PORTS, one)), one));
    }),
  );
});

test('sets of ports are written with protocols in order and ranges merged', () => {
  const text = (...ranges: readonly (readonly ['TCP' | 'UDP' | 'SCTP', number, number])[]) =>
    formatPortSet(portSetOf(ranges.map(([protocol, from, to]) => ({ protocol, from, to }))));
  assert.equal(formatPortSet(NO_PORTS), 'No Connections');
  assert.equal(formatPortSet(ALL_PORTS), 'All Connections');
  assert.equal(
    text(['UDP', 53, 53], ['TCP', 443, 443], ['TCP', 80, 80], ['SCTP', 1, 65_535]),
    'SCTP 1-65535,TCP 80,443,UDP 53',
  );
  assert.equal(text(['TCP', 1, 10], ['TCP', 11, 20], ['TCP', 15, 30]), 'TCP 1-30');
  assert.ok(
    isAllPorts(
      portSetOf(
        ['TCP', 'UDP', 'SCTP'].map(protocol => ({
          protocol: protocol as 'TCP',
          from: 0,
          to: 70_000,
        })),
      ),
    ),
  );
});
