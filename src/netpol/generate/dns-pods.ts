import type { Facts, PodFact, ServiceFact } from '../facts.js';
import { DNS_PORT, servedDns } from './dns-ports.js';
import { selectsPod } from './service-selector.js';

/** Services that answer DNS: kubeadm and most distributions, Rancher's charts, OpenShift. */
const DNS_SERVICES: ReadonlySet<string> = new Set([
  'kube-system/kube-dns',
  'kube-system/coredns',
  'kube-system/rke2-coredns-rke2-coredns',
  'openshift-dns/dns-default',
]);

const isDnsService = (service: ServiceFact): boolean =>
  DNS_SERVICES.has(`${service.namespace}/${service.name}`);

/** Where no Service and no label tells. */
const USUAL_NAMES: ReadonlySet<string> = new Set([
  'coredns',
  'kube-dns',
  'rke2-coredns-rke2-coredns',
]);

/** The pods that answer the cluster's DNS: behind its Services, or labelled or named as such. */
export function dnsPods(facts: Facts): readonly PodFact[] {
  const services = facts.services.filter(isDnsService);
  return facts.pods.filter(
    pod =>
      services.some(
        service => service.namespace === pod.namespace && selectsPod(service.selector, pod),
      ) ||
      (pod.namespace === 'kube-system' &&
        (pod.labels['k8s-app'] === 'kube-dns' || USUAL_NAMES.has(pod.workload.name))) ||
      (pod.namespace === 'openshift-dns' &&
        pod.labels['dns.operator.openshift.io/daemonset-dns'] !== undefined),
  );
}

/** Where OpenShift's DNS pods listen. */
const OPENSHIFT_PORT = 5353;

const isUsual = (port: number): boolean => port === DNS_PORT || port === OPENSHIFT_PORT;

/** Where a pod that answers the cluster's DNS listens: as its Services say, else as it declares, else at the usual port. */
export function dnsPortsOf(facts: Facts): (pod: PodFact) => readonly number[] {
  const served = servedDns(facts);
  return pod => {
    const told = served(pod);
    if (told.length > 0) return told;
    const declared = pod.ports.map(({ port }) => port).filter(isUsual);
    if (declared.length > 0) return [Math.max(...declared)];
    return [pod.namespace === 'openshift-dns' ? OPENSHIFT_PORT : DNS_PORT];
  };
}
