import type { Facts, PodFact, ServiceFact } from '../facts.js';
import { type Labels, METADATA_NAME } from '../labels.js';
import { Direction } from '../policy.js';
import { type Problem, Severity } from '../problem.js';
import type { PeerDraft, PortDraft, RuleDraft } from './draft.js';

/** Services that answer DNS: kubeadm and most distributions, Rancher's charts, OpenShift. */
const DNS_SERVICES: ReadonlySet<string> = new Set([
  'kube-system/kube-dns',
  'kube-system/coredns',
  'kube-system/rke2-coredns-rke2-coredns',
  'openshift-dns/dns-default',
]);

const DNS_PORTS: ReadonlySet<number> = new Set([53, 5353]);

/** Where the cluster's DNS is not known: what kubeadm, kOps, EKS, GKE and AKS all run. */
const USUAL_DNS: RuleDraft = {
  direction: Direction.EGRESS,
  title: 'DNS',
  peers: [
    {
      kind: 'pods',
      namespaceLabels: { [METADATA_NAME]: 'kube-system' },
      podLabels: { 'k8s-app': 'kube-dns' },
    },
  ],
  ports: [
    { protocol: 'TCP', port: 53 },
    { protocol: 'UDP', port: 53 },
  ],
  evidence: null,
};

const matches = (selector: Labels | null, labels: Labels): boolean =>
  selector !== null &&
  Object.keys(selector).length > 0 &&
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const isDnsService = (service: ServiceFact): boolean =>
  DNS_SERVICES.has(`${service.namespace}/${service.name}`);

/** The pods that answer the cluster's DNS: behind its Services, or labelled as such. */
export function dnsPods(facts: Facts): readonly PodFact[] {
  const services = facts.services.filter(isDnsService);
  return facts.pods.filter(
    pod =>
      services.some(
        service => service.namespace === pod.namespace && matches(service.selector, pod.labels),
      ) ||
      (pod.namespace === 'kube-system' && pod.labels['k8s-app'] === 'kube-dns') ||
      (pod.namespace === 'openshift-dns' &&
        pod.labels['dns.operator.openshift.io/daemonset-dns'] !== undefined),
  );
}

/** 53, or 5353 where the DNS pods listen there (OpenShift). */
const dnsPort = (pod: PodFact): number => {
  const declared = pod.ports.filter(({ port }) => DNS_PORTS.has(port)).map(({ port }) => port);
  if (declared.length > 0) return Math.max(...declared);
  return pod.namespace === 'openshift-dns' ? 5353 : 53;
};

const portsOf = (pods: readonly PodFact[]): readonly PortDraft[] =>
  [...new Set(pods.map(dnsPort))].flatMap(port => [
    { protocol: 'TCP' as const, port },
    { protocol: 'UDP' as const, port },
  ]);

const unknownDns: Problem = {
  code: 'DNS_UNKNOWN',
  severity: Severity.WARNING,
  message:
    'the DNS of this cluster is not known; egress goes to pods labelled `k8s-app: kube-dns` in `kube-system`, port 53',
  path: null,
  place: null,
  hint: 'import the pods and Services of kube-system, then generate again',
};

/** The DNS rule that every generated policy carries: without it nothing resolves. `pods` answer DNS (`dnsPods`). */
export function dnsRule(
  pods: readonly PodFact[],
  peerOf: (pod: PodFact) => PeerDraft | null,
): { readonly draft: RuleDraft; readonly problems: readonly Problem[] } {
  const peers = pods.map(peerOf).filter(peer => peer !== null);
  if (peers.length === 0) return { draft: USUAL_DNS, problems: [unknownDns] };
  const distinct = new Map(peers.map(peer => [JSON.stringify(peer), peer]));
  return {
    draft: {
      direction: Direction.EGRESS,
      title: 'DNS',
      peers: [...distinct.values()],
      ports: portsOf(pods),
      evidence: null,
    },
    problems: [],
  };
}
