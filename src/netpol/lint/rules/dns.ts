import type { PodFact } from '../../facts.js';
import { dnsPods, dnsPortsOf } from '../../generate/dns-pods.js';
import { Direction, Protocol } from '../../policy.js';
import { Severity } from '../../problem.js';
import type { Remark } from '../finding.js';
import type { Workload } from '../inventory.js';
import { ofPod } from '../on.js';
import {
  addressEnd,
  connectionOf,
  isAllowed,
  isDenied,
  listed,
  type ProbeAlone,
  podEnd,
} from '../probe.js';
import { isSelectable, type LintContext, type LintRule } from '../rule.js';
import { governedPods } from './coverage.js';

/** NodeLocal DNSCache listens there on every node. */
const NODE_LOCAL_DNS = '169.254.20.10';
/** GKE's metadata server is the resolver of Cloud DNS, where no pods answer. */
const CLOUD_DNS = '169.254.169.254';

/** Stands for the DNS pods of a cluster that the input does not show. */
const USUAL_DNS: PodFact = {
  key: 'weirgate:dns',
  namespace: 'kube-system',
  name: 'coredns',
  labels: { 'k8s-app': 'kube-dns' },
  addresses: [],
  hostNetwork: false,
  ports: [
    { name: 'dns', port: 53, protocol: Protocol.UDP },
    { name: 'dns-tcp', port: 53, protocol: Protocol.TCP },
  ],
  node: null,
  workload: { kind: 'Deployment', name: 'coredns' },
};

type Dns = {
  readonly pods: readonly PodFact[];
  /** Where one of these listens. */
  readonly portsOf: (pod: PodFact) => readonly number[];
  readonly probe: ProbeAlone;
  readonly assumed: boolean;
  /** A cache on every node is in the input: pods are told to ask it, at its own address. */
  readonly local: boolean;
};

const isNodeLocal = ({ hostNetwork, labels, name }: PodFact): boolean =>
  hostNetwork && (labels['k8s-app'] === 'node-local-dns' || /^node-?local-?dns/.test(name));

const dnsOf = ({ facts, options, probeAlone: probe, probeAloneWith }: LintContext): Dns => {
  const { dns } = options;
  const pods =
    dns === undefined ? dnsPods(facts) : facts.pods.filter(({ key }) => dns.includes(key));
  const portsOf = dnsPortsOf(facts);
  const local = facts.pods.some(isNodeLocal);
  return pods.length > 0
    ? { pods, portsOf, probe, assumed: false, local }
    : { pods: [USUAL_DNS], portsOf, probe: probeAloneWith([USUAL_DNS]), assumed: true, local };
};

/** Connections of a workload to each port of each server. */
const queries = ({ pods, portsOf }: Dns, { pod }: Workload, protocol: Protocol) =>
  pods.flatMap(server =>
    portsOf(server).map(port => connectionOf(podEnd(pod), podEnd(server), { port, protocol })),
  );

const reaches = ({ probe }: Dns, { pod }: Workload, address: string, protocol: Protocol): boolean =>
  !isDenied(probe(connectionOf(podEnd(pod), addressEnd(address), { port: 53, protocol })).whole);

const reachesLocal = (dns: Dns, workload: Workload, protocol: Protocol): boolean =>
  reaches(dns, workload, NODE_LOCAL_DNS, protocol);

/** Queries that go by the cache alone fail, although the DNS pods themselves would answer. */
function remarkOnLocal(workload: Workload, dns: Dns): readonly Remark[] {
  if (!dns.local) return [];
  const closed = [Protocol.UDP, Protocol.TCP].filter(
    protocol => !reachesLocal(dns, workload, protocol),
  );
  if (closed.length === 0) return [];
  return [
    {
      on: [ofPod(workload.pod)],
      message: `\`${workload.name}\` cannot ask the DNS cache of its node at \`${NODE_LOCAL_DNS}\` over ${closed.join(' and ')}`,
      hint: `allow egress to \`${NODE_LOCAL_DNS}/32\` by an ipBlock on port 53 over UDP and TCP`,
      severity: Severity.WARNING,
    },
  ];
}

/** What is not known to be closed is not said to be. */
const answers = (dns: Dns, workload: Workload, protocol: Protocol): boolean =>
  queries(dns, workload, protocol).some(query => !isDenied(dns.probe(query).whole)) ||
  reachesLocal(dns, workload, protocol) ||
  (dns.assumed && reaches(dns, workload, CLOUD_DNS, protocol));

export const dnsClosed: LintRule = {
  id: 'dns-closed',
  severity: Severity.ERROR,
  description: 'A workload whose egress is isolated and that cannot ask the cluster’s DNS',
  check: context => {
    const governed = governedPods(context, Direction.EGRESS);
    const asking = context.inventory.workloads.filter(
      ({ pod }) => governed.has(pod) && isSelectable(context, pod),
    );
    if (asking.length === 0) return [];
    const dns = dnsOf(context);
    return asking
      .filter(({ pod }) => !dns.pods.includes(pod))
      .flatMap(workload => remarkOn(context, workload, dns));
  },
};

/** Its own egress is open: the ingress of the DNS pods is what shuts it out. */
const isOut = (
  { probeAlone }: LintContext,
  workload: Workload,
  dns: Dns,
  protocol: Protocol,
): boolean => queries(dns, workload, protocol).some(query => isAllowed(probeAlone(query).egress));

const remarkOn = (context: LintContext, workload: Workload, dns: Dns): readonly Remark[] => {
  const closed = [Protocol.UDP, Protocol.TCP].filter(protocol => !answers(dns, workload, protocol));
  if (closed.length === 0) return remarkOnLocal(workload, dns);
  const port = [...new Set(dns.pods.flatMap(dns.portsOf))].join(' or ');
  const isOwnOpen =
    !dns.assumed && closed.every(protocol => isOut(context, workload, dns, protocol));
  const names = listed(
    dns.pods.map(({ namespace, name }) => `${namespace}/${name}`),
    1,
  );
  return [
    {
      on: [ofPod(workload.pod)],
      message: `\`${workload.name}\` cannot ask DNS over ${closed.join(' and ')}: ${names}${dns.assumed ? ', assumed since the input shows no DNS pods,' : ''} is closed to it on port ${port}`,
      hint: `allow ${isOwnOpen ? 'ingress of' : 'egress to'} the DNS pods on port ${port} over UDP and TCP`,
      // Large answers alone need TCP.
      ...(closed.includes(Protocol.UDP) ? {} : { severity: Severity.WARNING }),
    },
  ];
};
