import type { Facts, PodFact, ServiceFact } from '../facts.js';
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

/** The pods that answer the cluster's DNS: behind its Services, or labelled as such. */
export function dnsPods(facts: Facts): readonly PodFact[] {
  const services = facts.services.filter(isDnsService);
  return facts.pods.filter(
    pod =>
      services.some(
        service => service.namespace === pod.namespace && selectsPod(service.selector, pod),
      ) ||
      (pod.namespace === 'kube-system' && pod.labels['k8s-app'] === 'kube-dns') ||
      (pod.namespace === 'openshift-dns' &&
        pod.labels['dns.operator.openshift.io/daemonset-dns'] !== undefined),
  );
}
