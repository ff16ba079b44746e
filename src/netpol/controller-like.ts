import type { PodFact } from './facts.js';

/** What the charts of ingress controllers and gateways call their pods. */
const CONTROLLER_NAMES: ReadonlySet<string> = new Set([
  'ingress-nginx',
  'nginx-ingress',
  'traefik',
  'haproxy-ingress',
  'kubernetes-ingress',
  'contour',
  'envoy',
  'envoy-gateway',
  'kong',
  'ambassador',
  'emissary-ingress',
  'istio-ingressgateway',
  'nginx-gateway-fabric',
]);

/** Parts of those charts that no client is sent through. */
const OTHER_COMPONENTS: ReadonlySet<string> = new Set([
  'default-backend',
  'defaultbackend',
  'admission-webhook',
]);

/** Whether pods carry traffic of routes: an ingress controller or a gateway. */
export function isController({ labels }: PodFact): boolean {
  if (OTHER_COMPONENTS.has(labels['app.kubernetes.io/component'] ?? '')) return false;
  return (
    labels['ingresscontroller.operator.openshift.io/deployment-ingresscontroller'] !== undefined ||
    labels['gateway.networking.k8s.io/gateway-name'] !== undefined ||
    labels['istio'] === 'ingressgateway' ||
    ['app', 'app.kubernetes.io/name', 'name'].some(key => CONTROLLER_NAMES.has(labels[key] ?? ''))
  );
}
