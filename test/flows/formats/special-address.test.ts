import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldObservations } from '../../../src/flows/ingest/fold-observations.js';
import { jsonLines, readAs } from './read-as.js';

const to = (destination: string, port: number, protocol = 'TCP', source = '10.1.0.10'): object => ({
  time: '2026-11-22T10:00:00Z',
  source: { ip: source },
  destination: { ip: destination },
  port,
  protocol,
});

const blockOf = (cidr: string): object => ({ ...to('', 8080), destination: { cidr } });

const cases: readonly (readonly [string, object, string])[] = [
  ['loopback', to('127.0.0.1', 8080), 'loopback'],
  ["Istio's 127.0.0.6", to('10.1.0.20', 8080, 'TCP', '127.0.0.6'), 'loopback'],
  ['IPv6 loopback', to('::1', 8080), 'loopback'],
  ['IPv4 loopback within IPv6', to('::ffff:127.0.0.1', 8080), 'loopback'],
  ['no address', to('0.0.0.0', 68, 'UDP'), 'unspecified-address'],
  ['no IPv6 address', to('::', 68, 'UDP'), 'unspecified-address'],
  ['multicast', to('224.0.0.251', 5353, 'UDP'), 'multicast'],
  ['multicast of the highest block', to('239.255.255.250', 1900, 'UDP'), 'multicast'],
  ['broadcast', to('255.255.255.255', 67, 'UDP'), 'multicast'],
  ['IPv6 multicast', to('ff02::1:2', 547, 'UDP'), 'multicast'],
  ['link-local', to('169.254.7.7', 8080), 'link-local'],
  ['IPv6 link-local', to('fe80::1', 8080), 'link-local'],
  ['NodeLocal DNSCache', to('169.254.20.10', 53, 'UDP'), 'dns'],
  ["NodeLocal DNSCache's health", to('169.254.20.10', 8080), 'link-local'],
  ["AWS's resolver", to('169.254.169.253', 53, 'UDP'), 'dns'],
  ["AWS's resolver over IPv6", to('fd00:ec2::253', 53, 'UDP'), 'dns'],
  ["AWS's time", to('169.254.169.123', 123, 'UDP'), 'platform'],
  ['the identity of pods on EKS', to('169.254.170.23', 80), 'platform'],
  ['the identity of pods over IPv6', to('fd00:ec2::23', 80), 'platform'],
  ['the metadata service', to('169.254.169.254', 80), 'metadata'],
  ['Workload Identity of GKE', to('169.254.169.252', 988), 'metadata'],
  ['DNS of GKE', to('169.254.169.254', 53, 'UDP'), 'dns'],
  ['DNS of GKE over TCP', to('169.254.169.254', 53), 'dns'],
  ['metadata over IPv6', to('fd00:ec2::254', 80), 'metadata'],
  ['a block of loopback', blockOf('127.0.0.0/8'), 'loopback'],
  ['a block of multicast', blockOf('ff00::/8'), 'multicast'],
  ['everywhere', blockOf('0.0.0.0/0'), 'external'],
  ['a block that loopback is in', blockOf('126.0.0.0/7'), 'external'],
  [
    'a name of loopback',
    { ...to('', 8080), destination: { dnsName: 'db.localhost.' } },
    'loopback',
  ],
  ['an address of 225 that is none of the group', to('22.5.0.1', 443), 'external'],
];

for (const [title, record, fate] of cases)
  test(`${title} is ${fate}`, async () => {
    const { observations, skipped, rejected } = await readAs('neutral', jsonLines(record));
    assert.deepEqual(rejected, []);
    const classes = foldObservations(observations).observed.edges.map(
      ({ trafficClass }) => trafficClass,
    );
    const found = classes[0] === 'app' ? 'external' : classes[0];
    assert.equal(found ?? Object.keys(skipped).join(), fate);
  });
