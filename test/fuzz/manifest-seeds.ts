import { namespace, node, pod, service } from '../support/manifests.js';
import { adminDeny, allowIngress, denyEgress, SHOP } from '../support/shop.js';

const yaml = `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
  labels: &app {app: api}
spec:
  clusterIP: 10.96.0.7
  selector: *app
  ports:
    - {name: http, port: 80, targetPort: http, nodePort: 30080}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
        - namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [a, b]}]}
      ports:
        - {port: 5432, endPort: 5440, protocol: TCP}
  egress: []
`;

const endpointSlice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'db-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'db' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['203.0.113.9'], conditions: { ready: true } }],
  ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
};

/** Objects of a cluster of every kind that is read. */
export const OBJECTS: readonly object[] = [
  ...SHOP,
  namespace('shop', { team: 'a' }),
  node('worker', '192.168.0.5'),
  pod('web-7c9d5bf6d5-x2x8p', {
    ip: '10.1.0.10',
    labels: { app: 'web' },
    owner: 'ReplicaSet/web-7c9d5bf6d5',
    started: '2026-11-22T09:00:00Z',
    created: '2026-11-22T09:00:00Z',
  }),
  pod('job-1', { phase: 'Succeeded', finished: '2026-11-22T09:30:00Z', owner: 'Job/job' }),
  service('api', { app: 'api' }, '10.96.0.7'),
  endpointSlice,
  allowIngress('api', 'web'),
  denyEgress('cron'),
  adminDeny('db', 'web'),
];

export const YAML_SEED = yaml;
