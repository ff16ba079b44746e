import 'reflect-metadata';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { withRoute } from './support/route.js';

const DATA = '../shared/data/flows';
const options = existsSync(DATA) ? {} : { skip: `${DATA} is missing` };

/** Accepted records, where a file has any. What is not here holds no flows, and says so. */
const ACCEPTED: Readonly<Record<string, number>> = {
  'hubble/basic-sample-10-flows.json': 5,
  'hubble/basic-sample-400-icmpv4-flows.json': 7,
  'hubble/basic-sample-400-tcp-flows.json': 218,
  'hubble/basic-sample-400-udp-flows.json': 178,
  'hubble/basic-sample-5-dns-flows.json': 3,
  'hubble/basic-sample-5-http-flows.json': 3,
  'hubble/cilium-docs/exporter-fieldmask-2flows.jsonl': 1,
  'hubble/edge-cases/l7_dns.jsonl': 3,
  'hubble/edge-cases/l7_http.jsonl': 4,
  'hubble/edge-cases/malformed.jsonl': 2,
  'hubble/edge-cases/mixed_tcp_icmp.jsonl': 4,
  'hubble/edge-cases/small.jsonl': 3,
  'hubble/edge-cases/with_non_dropped.jsonl': 5,
  'istio/ztunnel.log': 25,
  'netobserv/flow_records.json': 24,
  'netobserv/flp-benchmark-100-flows.jsonl': 80,
  'others/aws-vpc-flow-logs/valid_vpc_flow_log_ecs.log': 1,
  'others/aws-vpc-flow-logs/valid_vpc_flow_log_multi.log': 2,
  'others/calico/enterprise-flowlog-docs-sample.json': 1,
  'others/inspektor-gadget/trace_tcp-docs.jsonl': 2,
  'others/kubescape/networkneighborhood-01-example.yaml': 2,
  'others/kubescape/nn-operator.json': 13,
  'others/stackrox/networkGraph.json': 25,
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();

test('every recorded file is taken in over HTTP, its format found by its records', options, () =>
  withRoute(async (post, { source }) => {
    for (const [number, file] of filesIn(DATA).entries()) {
      const cluster = `file-${number}`;
      const { status, body } = await post(`?cluster=${cluster}`, {
        body: readFileSync(join(DATA, file)),
      });
      assert.equal(status, 200, `${file}: ${JSON.stringify(body)}`);
      assert.equal(body['accepted'], ACCEPTED[file] ?? 0, file);
      const [{ wrong } = { wrong: null }] = await source.query(
        `/* test.loops */ select count(*)::int as wrong from flow f join cluster c on c.id = f.cluster_id
        where c.name = $1 and (f.port >= 60000 or f.events < 1)`,
        [cluster],
      );
      assert.equal(wrong, 0, `${file}: an edge to a client's port, or that nothing was counted of`);
      if (body['accepted'] === 0 && readFileSync(join(DATA, file)).length > 0)
        assert.ok(
          body.problems?.every(({ hint }) => hint !== ''),
          file,
        );
    }
  }),
);
