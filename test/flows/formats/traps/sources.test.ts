import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edgeOf, jsonLines, readAs, sumOf } from '../read-as.js';

const neutral = (other: object): string =>
  jsonLines({
    time: '2026-11-22T10:00:00Z',
    source: { namespace: 'shop', pod: 'web-1' },
    destination: { namespace: 'shop', pod: 'api-1' },
    port: 8080,
    protocol: 'TCP',
    ...other,
  });

const netobserv = (other: object): string =>
  jsonLines({
    TimeFlowEndMs: 1_795_000_000_000,
    SrcAddr: '10.1.0.10',
    DstAddr: '10.1.0.20',
    SrcPort: 40_000,
    DstPort: 8080,
    Proto: 6,
    Bytes: 10,
    ...other,
  });

test("T16: the pod's port and the Service's are both kept", async () => {
  const { observations } = await readAs(
    'conntrack',
    'tcp 6 9 ESTABLISHED src=10.1.0.10 dst=10.96.0.9 sport=40000 dport=5000 src=10.1.0.20 dst=10.1.0.10 sport=8080 dport=40000',
  );
  assert.deepEqual(observations.map(edgeOf), [
    '10.1.0.10 -> 10.1.0.20 TCP 8080 (5000) UNKNOWN conntrack',
  ]);
});

test('T18: names with the hash of a ReplicaSet become the owner, and volatile labels tell which', async () => {
  const { observations } = await readAs(
    'calico',
    jsonLines({
      Key: {
        source_name: 'web-7f9cbbb9d4-*',
        source_namespace: 'shop',
        source_type: 1,
        dest_name: 'backup-*',
        dest_namespace: 'shop',
        dest_type: 1,
        dest_port: 8080,
        proto: 'tcp',
        reporter: 2,
        action: 1,
      },
      start_time: 1_795_000_000,
      end_time: 1_795_000_015,
      source_labels: ['pod-template-hash=7f9cbbb9d4'],
      dest_labels: ['batch.kubernetes.io/job-name=backup-29300460'],
    }),
  );
  assert.deepEqual(observations.map(edgeOf), [
    'shop/Deployment/web -> shop/Job/backup-29300460 TCP 8080 ALLOWED reported',
  ]);
});

test('T29: versions of a workload are workloads of their own, whatever labels they share', async () => {
  const version = (name: string): object => ({
    namespace: 'shop',
    pod: `reviews-${name}-6d5f7c8b9d-x7k2p`,
    labels: { app: 'reviews', version: name },
  });
  const calls = (source: object, destination: object): object => ({
    time: '2026-11-22T10:00:00Z',
    source,
    destination,
    port: 9080,
    protocol: 'TCP',
  });
  const ratings = { namespace: 'shop', pod: 'ratings-v1-7c9d8b6f5d-q4w8z' };
  const { observations } = await readAs(
    'neutral',
    jsonLines(calls(ratings, version('v1')), calls(version('v2'), ratings)),
  );
  assert.deepEqual(observations.map(edgeOf), [
    'shop/ratings-v1-7c9d8b6f5d-q4w8z -> shop/reviews-v1-6d5f7c8b9d-x7k2p TCP 9080 UNKNOWN assumed',
    'shop/reviews-v2-6d5f7c8b9d-x7k2p -> shop/ratings-v1-7c9d8b6f5d-q4w8z TCP 9080 UNKNOWN assumed',
  ]);
});

test('T20: bytes of a sample stand for those of the whole', async () => {
  const { observations } = await readAs('netobserv', netobserv({ Sampling: 50 }));
  assert.equal(sumOf(observations, 'bytes'), 500);
});

test('T21: times are read in their unit, and none outside of 2000 to 2100', async () => {
  const seen = async (format: string, text: string): Promise<number | undefined> =>
    (await readAs(format, text)).observations[0]?.firstSeen;
  assert.equal(await seen('netobserv', netobserv({})), 1_795_000_000_000_000);
  assert.equal(
    await seen('netobserv', netobserv({ TimeFlowEndMs: 0, TimeReceived: 1_795_000_000 })),
    1_795_000_000_000_000,
  );
  assert.equal(
    await seen('neutral', neutral({ time: '2026-11-18T13:06:40.123456789+02:00' })),
    Date.UTC(2026, 10, 18, 11, 6, 40) * 1000 + 123_456,
  );
  const wrong = await readAs('netobserv', netobserv({ TimeFlowEndMs: 1_795_000_000 }));
  assert.deepEqual(
    wrong.rejected.map(({ code }) => code),
    ['BAD_TIME'],
  );
});

test('T27: UDP to the discard port is no traffic, and the metadata service is told from the rest', async () => {
  const discard = await readAs('neutral', neutral({ port: 9, protocol: 'UDP' }));
  assert.deepEqual(discard.skipped, { 'udp-discard-port': 1 });
  const { observations } = await readAs(
    'neutral',
    neutral({ destination: { ip: '169.254.169.254' }, port: 80 }),
  );
  assert.equal(observations[0]?.trafficClass, 'platform');
});

test('gRPC on 50051 and WireGuard on 51820 are servers, and their answers are replies', async () => {
  for (const [server, proto] of [
    [50_051, 6],
    [51_820, 17],
  ]) {
    const forward = await readAs(
      'netobserv',
      netobserv({ SrcPort: 41_000, DstPort: server, Proto: proto }),
    );
    assert.equal(forward.observations[0]?.port, server);
    const back = await readAs(
      'netobserv',
      netobserv({ SrcPort: server, DstPort: 41_000, Proto: proto }),
    );
    assert.deepEqual(back.skipped, { reply: 1 });
  }
});
