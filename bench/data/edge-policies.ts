/** Policies for the deployments of `seedEdges`. */

const policyOf = (namespace: string, name: string, spec: object): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace, name },
  spec,
});

const listOf = (items: readonly object[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

const namespaceOf = (number: number): string => `ns-${Math.floor(number / 20)}`;

/** Every fourth deployment takes in what comes on the usual ports from three namespaces. */
export const policiesInForce = (deployments: number): string =>
  listOf(
    Array.from({ length: Math.ceil(deployments / 4) }, (_, place) => {
      const number = place * 4;
      const namespaces = [0, 1, 2].map(step => namespaceOf((number + step * 140) % deployments));
      const namespaceSelector = {
        matchExpressions: [
          { key: 'kubernetes.io/metadata.name', operator: 'In', values: namespaces },
        ],
      };
      return policyOf(namespaceOf(number), `in-force-${number}`, {
        podSelector: { matchLabels: { app: `app-${number}` } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ namespaceSelector }],
            ports: [80, 443, 8080, 5432].map(port => ({ protocol: 'TCP', port })),
          },
        ],
      });
    }),
  );

/** Closes each of the first namespaces in both directions. */
export const closing = (namespaces: number): string =>
  listOf(
    Array.from({ length: namespaces }, (_, number) =>
      policyOf(`ns-${number}`, 'closed', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    ),
  );
