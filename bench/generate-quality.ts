/**
 * Measures: how good generated policies are: of what they allow between the deployments of an app the share that its call
 * graph has (precision), and of the call graph the share that they allow (recall), exact to the port.
 * Data: three published apps with their call graphs, recorded beside the project; among their calls are queries of DNS, drops
 * between all pairs, a client of the entrance, calls of nodes and to the API server.
 * Reference: the call graph, which was compiled by hand from the manifests.
 * Goal: 1.0 and 1.0, nothing missing that clients, nodes and the API server need, and nothing open to other addresses outside.
 */
import { recorded } from '../test/support/recorded.js';
import { type Figure, report } from './measure/report.js';
import { withServer } from './servers/weirgate.js';
import { APPS, qualityOf } from './work/quality.js';

const figures: Figure[] = [];
await withServer(async ({ url }) => {
  const ask = async (query: string, variables: object): Promise<unknown> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  for (const app of APPS) {
    const { precision, recall, calls, allowed, missing, stray } = await qualityOf(
      ask,
      app,
      recorded,
    );
    figures.push({
      what: `${app.name}: ${calls} calls`,
      value: `precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}; ${allowed} allowed, ${missing.length} missing; ${stray.length} stray outside`,
      goal: '1.00 and 1.00, 0 missing, 0 stray',
      reached: precision === 1 && recall === 1 && missing.length === 0 && stray.length === 0,
    });
  }
});
report('generate-quality', figures);
