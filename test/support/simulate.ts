import { type Lab, until } from './lab.js';

const CONTENT = `id status createdAt finishedAt error
  summary { stillAllowed newlyBlocked newlyAllowed stillBlocked undecidable }
  days { day class flows events } findings { severity rule message policy line column hint introduced }
  completeness { since until flows unresolvedFlows }
  flows(first: 500) { totalCount nodes { class before after
    flow { id port source { ... on Deployment { name } } } explanation { verdict text } } }
  connectivity(first: 500) { totalCount nodes { source destination newlyAllowed newlyBlocked } }`;
const SIMULATE = `mutation ($input: SimulatePoliciesInput!) { simulatePolicies(input: $input) {
  simulation { ${CONTENT} } problems { code severity message path line column hint } } }`;
const READ = `query ($id: ID!) { node(id: $id) { ... on Simulation { ${CONTENT} } } }`;

/** A simulation by its id, with all that it holds. */
export const readSimulation = async ({ ask }: Pick<Lab, 'ask'>, id: string) =>
  (await ask(READ, { id })).node;

/** Simulates and waits for the end where the mutation answers before: `simulation` is null where nothing was simulated. */
export async function simulate(lab: Lab, input: object) {
  const { simulation, problems } = await lab.call(SIMULATE, input);
  let latest = simulation;
  await until(async () => {
    if (latest?.status !== 'PENDING' && latest?.status !== 'RUNNING') return true;
    latest = await readSimulation(lab, simulation.id);
    return false;
  }, 'the simulation ends');
  return { simulation: latest, problems };
}
