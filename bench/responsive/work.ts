import { setTimeout as sleep } from 'node:timers/promises';
import { DENY_ALL, firstPolicy } from '../data/listed-policies.js';

/** Posts a body; the JSON that is answered. */
export async function post<T>(url: string, body: string): Promise<T> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body });
  const text = await answer.text();
  if (!answer.ok || text.startsWith('{"errors"'))
    throw new Error(`\`${url}\` answered ${answer.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

const ask = async <T>(url: string, query: string, variables: object = {}): Promise<T> =>
  (await post<{ readonly data: T }>(`${url}/graphql`, JSON.stringify({ query, variables }))).data;

type Job = { readonly id: string; readonly status: string; readonly error: string | null };

/** Waits for a job as a client would: by asking for it once a second. */
async function ended(url: string, job: Job): Promise<void> {
  let { status, error } = job;
  while (status === 'RUNNING' || status === 'PENDING') {
    await sleep(1_000);
    const { node } = await ask<{ readonly node: Job }>(
      url,
      'query Job($id: ID!) { node(id: $id) { id ... on Job { status error } } }',
      { id: job.id },
    );
    ({ status, error } = node);
  }
  if (status !== 'DONE') throw new Error(`a job ended as ${status}: ${error}`);
}

/** Policies for all deployments, also where somebody wrote one; only what a client needs of the answer is selected: the text. */
export async function generateAll(url: string): Promise<void> {
  const { generatePolicies } = await ask<{ readonly generatePolicies: { readonly job: Job } }>(
    url,
    `mutation { generatePolicies(input: { cluster: "bench", options: { replaceHandWritten: true } }) {
      job { id status error } policySet { id } yaml problems { message } } }`,
  );
  await ended(url, generatePolicies.job);
}

async function simulate(url: string, candidate: object): Promise<void> {
  const { simulatePolicies } = await ask<{ readonly simulatePolicies: { readonly job: Job } }>(
    url,
    `mutation Simulate($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) {
      job { id status error } simulation { id summary { newlyBlocked } } problems { message } } }`,
    { input: { cluster: 'bench', ...candidate } },
  );
  await ended(url, simulatePolicies.job);
}

export const simulateDenyAll = (url: string): Promise<void> =>
  simulate(url, { policies: DENY_ALL });
export const simulateGenerated = (url: string): Promise<void> =>
  simulate(url, { policySet: 'generated' });

const ALLOWED = `{ flows(first: 1, filter: { source: { eq: "team-00/service-00000" }, policyVerdict: ALLOWED }) {
  nodes { id } } }`;

async function isOpen(url: string): Promise<boolean> {
  const { flows } = await ask<{ readonly flows: { readonly nodes: readonly unknown[] } }>(
    url,
    ALLOWED,
  );
  return flows.nodes.length > 0;
}

const LONGEST_MS = 120_000;

/** Changes one policy; milliseconds from the request until the flows of its deployment show the new verdict. */
export async function changePolicy(url: string, open: boolean): Promise<number> {
  const started = performance.now();
  await ask(
    url,
    `mutation Change($manifests: String!) { importInventory(input: { cluster: "bench", manifests: $manifests }) {
      counts { changed } problems { message } } }`,
    { manifests: firstPolicy(open) },
  );
  while ((await isOpen(url)) !== open) {
    if (performance.now() - started > LONGEST_MS)
      throw new Error('the verdicts of a changed policy do not show');
    await sleep(20);
  }
  return performance.now() - started;
}
