/** Hubble lines of a made-up cluster: `lines` records over `edges` distinct edges, the same for the same seed. */
export type HubbleLines = {
  readonly lines: number;
  readonly edges: number;
  readonly seed: number;
  /** Whose lines; default: made-up ones, an eighth of the edges. */
  readonly pods?: readonly HubblePod[];
};

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** An end of lines: `endpoint` is JSON, as Hubble writes it. */
export type HubblePod = { readonly ip: string; readonly endpoint: string };

const PODS_A_WORKLOAD = 3;

const podOf = (number: number): HubblePod => {
  const workload = Math.floor(number / PODS_A_WORKLOAD);
  const namespace = `team-${workload % 40}`;
  const app = `service-${workload}`;
  const cilium = 'k8s:io.cilium.k8s';
  return {
    ip: `10.${1 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`,
    endpoint: JSON.stringify({
      ID: 100 + (number % 4000),
      identity: 1000 + workload,
      cluster_name: 'bench',
      namespace,
      labels: [
        `k8s:app=${app}`,
        `k8s:app.kubernetes.io/instance=${app}`,
        `${cilium}.namespace.labels.kubernetes.io/metadata.name=${namespace}`,
        `${cilium}.policy.cluster=bench`,
        `${cilium}.policy.serviceaccount=${app}`,
        `k8s:io.kubernetes.pod.namespace=${namespace}`,
        `k8s:version=v${workload % 3}`,
      ],
      pod_name: `${app}-6b746f74dc-${(number + 60_466_176).toString(36).slice(-5)}`,
      workloads: [{ name: app, kind: 'Deployment' }],
    }),
  };
};

type Edge = { readonly source: HubblePod; readonly destination: HubblePod; readonly port: number };

/** Each edge is a pod, a workload behind another pod, and one of a few ports. */
const edgesOf = (
  count: number,
  next: () => number,
  given?: readonly HubblePod[],
): readonly Edge[] => {
  const pods =
    given ?? Array.from({ length: Math.max(6, Math.ceil(count / 8)) }, (_, n) => podOf(n));
  const any = (): number => Math.floor(next() * pods.length);
  return Array.from({ length: count }, (_, n) => ({
    source: pods[n % pods.length] as HubblePod,
    destination: pods[any()] as HubblePod,
    port: 8000 + (n % 5),
  }));
};

/** The mix of a capture: requests seen twice, verdicts, replies, a denial now and then. */
const SHAPES = [
  '"Type":"L3_L4","event_type":{"type":4,"sub_type":3},"traffic_direction":"EGRESS","trace_observation_point":"TO_STACK","is_reply":false',
  '"Type":"L3_L4","event_type":{"type":4},"traffic_direction":"INGRESS","trace_observation_point":"TO_ENDPOINT","is_reply":false',
  '"Type":"L3_L4","event_type":{"type":5},"traffic_direction":"EGRESS","policy_match_type":2,"is_reply":false',
  '"Type":"L3_L4","reply":true,"event_type":{"type":4,"sub_type":3},"traffic_direction":"INGRESS","trace_observation_point":"TO_STACK","is_reply":true',
] as const;

type Place = { readonly number: number; readonly seed: number };

/** Lines of another seed have other ids, since a record counts once. */
const lineOf = (edge: Edge, { number, seed }: Place, clientPort: number): string => {
  const micros = 1_760_000_000_000_000 + number * 700;
  const time = `${new Date(micros / 1000).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, '0')}512Z`;
  const shape = SHAPES[number % SHAPES.length] ?? SHAPES[0];
  const isReply = number % SHAPES.length === 3;
  const [from, to] = isReply ? [edge.destination, edge.source] : [edge.source, edge.destination];
  const [sourcePort, port] = isReply ? [edge.port, clientPort] : [clientPort, edge.port];
  const isDenied = number % 50 === 2;
  const verdict = isDenied
    ? '"verdict":"DROPPED","drop_reason":133,"drop_reason_desc":"POLICY_DENIED"'
    : '"verdict":"FORWARDED"';
  return `{"flow":{"time":"${time}","uuid":"7a3f1c52-${String(seed).padStart(4, '0')}-4000-8000-${String(number).padStart(12, '0')}",${verdict},"ethernet":{"source":"d2:d9:76:de:f4:90","destination":"6e:3c:ce:d3:9e:a6"},"IP":{"source":"${from.ip}","destination":"${to.ip}","ipVersion":"IPv4"},"l4":{"TCP":{"source_port":${sourcePort},"destination_port":${port},"flags":{"PSH":true,"ACK":true}}},"source":${from.endpoint},"destination":${to.endpoint},"node_name":"bench/node-${number % 16}",${shape},"Summary":"TCP Flags: ACK, PSH"},"node_name":"bench/node-${number % 16}","time":"${time}"}`;
};

/** About 1,900 bytes a line, as a capture of a cluster with L7 visibility off. */
export function* hubbleLines({ lines, edges: count, seed, pods }: HubbleLines): Generator<string> {
  const next = random(seed);
  const edges = edgesOf(count, next, pods);
  for (let number = 0; number < lines; number++) {
    const edge = edges[Math.floor(next() * edges.length)] as Edge;
    yield lineOf(edge, { number, seed }, 32_768 + Math.floor(next() * 28_000));
  }
}
