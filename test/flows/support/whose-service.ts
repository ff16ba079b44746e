import { SHOP } from './whose.js';

/** A Service of `shop`; `ports` and `other` of its spec. */
export const serviceOf = (
  name: string,
  selector: Record<string, string> | null,
  spec: object = {},
  other: object = {},
): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: {
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    ...(selector === null ? {} : { selector }),
    ...spec,
  },
  ...other,
});

/** A load balancer with a named port, and a Service without a selector whose EndpointSlice leads to `api`. */
export const LEADING: readonly object[] = [
  serviceOf(
    'api',
    { app: 'api' },
    {
      clusterIP: '10.2.0.10',
      type: 'LoadBalancer',
      ports: [{ name: 'http', port: 80, targetPort: 'http', nodePort: 30080 }],
    },
    {
      status: {
        loadBalancer: { ingress: [{ ip: '203.0.113.80' }, { hostname: 'Api-1.elb.example.net' }] },
      },
    },
  ),
  serviceOf('bare', null, { clusterIP: '10.2.0.11' }),
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'bare-1',
      namespace: 'shop',
      labels: { 'kubernetes.io/service-name': 'bare' },
    },
    endpoints: [{ addresses: ['10.1.0.41'] }],
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  },
];

export const SERVED: readonly object[] = [
  ...SHOP,
  ...LEADING,
  serviceOf('headless', { app: 'api' }, { clusterIP: 'None' }),
];

/** All that can name the pods of `shop/api`, and the port that is asked then. */
export const NAMES: readonly (readonly [object, number])[] = [
  [{ namespace: 'shop', pod: 'api-6d5f7c8b9d-x7k2p' }, 8080],
  [{ namespace: 'shop', workload: { kind: 'Deployment', name: 'api' } }, 8080],
  [{ namespace: 'shop', labels: { app: 'api' } }, 8080],
  [{ ip: '10.1.0.41' }, 8080],
  [{ ip: '10.2.0.10' }, 80],
  [{ ip: '203.0.113.80' }, 80],
  [{ dnsName: 'api-1.elb.example.net' }, 80],
  [{ ip: '198.51.100.80', dnsName: 'API-1.elb.example.net.' }, 80],
  [{ ip: '192.0.2.1' }, 30080],
  [{ node: 'other' }, 30080],
  [{ ip: '10.2.0.11' }, 80],
  [{ namespace: 'shop', service: 'api' }, 80],
  [{ namespace: 'shop', service: 'bare' }, 80],
  [{ namespace: 'shop', service: 'headless' }, 8080],
  [{ dnsName: 'api.shop.svc.cluster.local' }, 80],
  [{ dnsName: 'api.shop.svc' }, 80],
  [{ dnsName: 'api.shop' }, 80],
  [{ namespace: 'shop', dnsName: 'api' }, 80],
  [{ dnsName: '10-1-0-41.shop.pod.cluster.local' }, 8080],
  [{ dnsName: '10-1-0-41.headless.shop.svc.cluster.local' }, 8080],
  [{ dnsName: 'api-6d5f7c8b9d-x7k2p.headless.shop.svc.cluster.local' }, 8080],
];
