import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder with these files, which goes when the test ends. */
export const folderOf = (
  t: TestContext,
  files: Readonly<Record<string, string | Buffer>>,
): string => {
  const folder = mkdtempSync(join(tmpdir(), 'weirgate-cli-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
};

/** Two workloads, a Service, a node, and a policy that lets web into api on one port. */
export const SHOP = {
  'shop/workloads.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web }] } }
---
apiVersion: v1
kind: Pod
metadata: { name: api-0, namespace: shop, labels: { app: api } }
spec: { nodeName: node-1, containers: [{ name: api, ports: [{ name: http, containerPort: 8080 }] }] }
status: { podIP: 10.0.0.9 }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { clusterIP: 10.96.0.9, selector: { app: api }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: v1
kind: Node
metadata: { name: node-1 }
`,
  'shop/policies/api.yml': `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: 8080 }]
`,
} as const;
