import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pod } from '../evaluation/build.js';
import { dns, generated, problemLines, ruleLines } from './observed.js';

const web = pod('shop/web');
const api = pod('shop/api');
const MANY = [29500, 29501, 29502, 29503, 29504].map(port => `shop/web -> shop/api TCP ${port}`);

test('parts of one Flink or Spark job take new ports for each run too, and a scan says how many nobody declares', () => {
  const flink = { app: 'pipeline', type: 'flink-native-kubernetes' };
  const spark = { 'spark-app-selector': 'spark-5f3a', 'spark-role': 'driver' };
  for (const labels of [flink, spark]) {
    const [one, other] = ['web', 'api'].map(part =>
      pod(`shop/${part}`, { labels: { ...labels, part } }),
    );
    const pods = [...(one && other ? [one, other] : []), dns];
    const made = generated({ pods }, MANY, { subjects: ['shop/api'] });
    assert.equal(ruleLines(made)[0], 'shop/api: ingress shop/web TCP');
  }
  const scanned = [22, 80, ...[1, 2, 3, 4, 5].map(at => 27_000 + at)];
  const made = generated(
    { pods: [web, { ...api, ports: [{ name: null, protocol: 'TCP', port: 80 }] }, dns] },
    scanned.map(port => `shop/web -> shop/api TCP ${port}`),
    { subjects: ['shop/api'] },
  );
  assert.match(problemLines(made).join(), /7 TCP ports were used, 6 of which no container/);
});

test('between parts of one job one port that the system handed out is every port of the next run', () => {
  const labels = (part: string) => ({ 'sparkoperator.k8s.io/app-name': 'daily', part });
  const made = (port: number) =>
    ruleLines(
      generated(
        {
          pods: [
            pod('shop/web', { labels: labels('executor') }),
            pod('shop/api', { labels: labels('driver') }),
            dns,
          ],
        },
        [`shop/web -> shop/api TCP ${port}`],
        { subjects: ['shop/api'] },
      ),
    )[0];
  assert.equal(made(40_001), 'shop/api: ingress shop/web TCP');
  assert.equal(made(7078), 'shop/api: ingress shop/web TCP 7078');
});
