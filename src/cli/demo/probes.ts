import { chanceOf, wholeBelow } from './chance.js';
import { PODS } from './pods.js';
import type { Span } from './records.js';
import { type DemoPod, nodeAt } from './workload.js';

const HOUR = 3_600_000;
const EVERY = 6 * HOUR;

/** The port that the kubelet asks: the first that the pod declares. */
const probePort = ({ workload }: DemoPod): number | null =>
  workload.hostNetwork
    ? null
    : (workload.ports.find(({ protocol }) => protocol === 'TCP')?.port ?? null);

/** The address that a node has towards its own pods. */
const gatewayOf = (node: number): string => nodeAt(node).podCidr.replace('.0/24', '.1');

const labelsOf = ({ workload }: DemoPod): readonly string[] => [
  ...Object.entries(workload.labels).map(([key, value]) => `k8s:${key}=${value}`),
  `k8s:io.kubernetes.pod.namespace=${workload.namespace}`,
];

/** A first packet from the node to its pod, as Hubble writes it. */
const probeLine = (pod: DemoPod, port: number, at: number): string => {
  const chance = chanceOf(`probe ${pod.name} ${at}`);
  const { name } = nodeAt(pod.node);
  const time = new Date(at + wholeBelow(chance, HOUR)).toISOString();
  const flow = {
    time,
    verdict: 'FORWARDED',
    IP: { source: gatewayOf(pod.node), destination: pod.ip, ipVersion: 'IPv4' },
    l4: {
      TCP: {
        source_port: 40_000 + wholeBelow(chance, 20_000),
        destination_port: port,
        flags: { SYN: true },
      },
    },
    source: { ID: 1, identity: 1, labels: ['reserved:host'] },
    destination: {
      ID: 100,
      identity: 20_000,
      namespace: pod.workload.namespace,
      labels: labelsOf(pod),
      pod_name: pod.name,
    },
    Type: 'L3_L4',
    node_name: name,
    is_reply: false,
    traffic_direction: 'INGRESS',
    trace_observation_point: 'TO_ENDPOINT',
    Summary: 'TCP Flags: SYN',
  };
  return JSON.stringify({ flow, node_name: name, time });
};

const lostLine = (at: number): string => {
  const time = new Date(at).toISOString();
  const { name } = nodeAt(0);
  const lost = { source: 'HUBBLE_RING_BUFFER', num_events_lost: '17' };
  return JSON.stringify({ lost_events: lost, node_name: name, time });
};

/** Health probes of the nodes as Hubble's JSON lines, and one note of events that it lost. */
export const probeLines = ({ from, to }: Span): readonly string[] => {
  const times = Array.from(
    { length: Math.ceil((to - from) / EVERY) },
    (_, index) => from + index * EVERY,
  );
  const probes = times.flatMap(at =>
    PODS.flatMap(pod => {
      const port = probePort(pod);
      return port === null ? [] : [probeLine(pod, port, at)];
    }),
  );
  return [...probes, lostLine(to - HOUR)];
};
