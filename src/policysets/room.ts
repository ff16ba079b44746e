import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { finderOf } from '../graphql/node.graphql.js';
import type { ClaimedJob, JobResult } from '../jobs/job.js';
import { unpacked } from '../jobs/long-request.js';
import type { JobControl, Working } from '../jobs/run-job.js';
import { dateTimeOf } from '../query/date-time.js';
import { encodeId } from '../query/node-id.js';
import type { Which } from '../query/several-rows.js';
import {
  type DeleteProfileInput,
  deletePolicyProfile,
  type ProfileDeps,
  type PutProfileInput,
  putPolicyProfile,
} from './change-profile.js';
import { DeletePolicySetsResolver } from './delete-policy-sets.graphql.js';
import { type DeletePolicySetsDeps, deletePolicySets } from './delete-policy-sets.js';
import { GenerateResolver } from './generate.graphql.js';
import {
  type GenerateDeps,
  type GenerateInput,
  type GenerateOutcome,
  generate,
} from './generate.js';
import { GeneratedRuleResolver } from './generated-rule.graphql.js';
import { PolicyProfileResolver } from './policy-profile.graphql.js';
import { policyProfileStore } from './policy-profile.store.js';
import { PolicyProfileTable } from './policy-profile.table.js';
import { GeneratedPolicyResolver, PolicySetResolver } from './policy-set.graphql.js';
import { policySetItemLoader } from './policy-set.loader.js';
import { type PolicySetStore, policySetStore } from './policy-set.store.js';
import { PolicySetGoneTable, PolicySetItemTable, PolicySetTable } from './policy-set.table.js';
import { policySetPageStore } from './policy-set-page.store.js';
import { PolicySetListResolver } from './policy-sets.graphql.js';
import { restartStore } from './restart.store.js';

type Stores = { readonly policySets: PolicySetStore };

type Generating = { readonly generate: (input: GenerateInput) => Promise<GenerateOutcome> };

type Deps = Omit<GenerateDeps & ProfileDeps & DeletePolicySetsDeps, 'now'>;

const now = (): string => dateTimeOf(new Date());

/** Named, versioned collections of policies, and their generation from what was observed. */
export const policySetsRoom = {
  tables: [PolicySetTable, PolicySetItemTable, PolicySetGoneTable, PolicyProfileTable],
  stores: (manager: EntityManager, caller: Caller) => ({
    policySets: policySetStore(manager, caller),
    policySetPages: policySetPageStore(manager, caller),
    policyProfiles: policyProfileStore(manager, caller),
    restarts: restartStore(manager),
  }),
  loaders: ({ policySets }: Stores) => ({ policySetItems: policySetItemLoader(policySets) }),
  threads: { generate: 'pool' },
  resolvers: [
    PolicySetResolver,
    PolicySetListResolver,
    GeneratedPolicyResolver,
    GeneratedRuleResolver,
    GenerateResolver,
    DeletePolicySetsResolver,
    PolicyProfileResolver,
  ],
  finders: {
    PolicySet: finderOf(({ stores }: { readonly stores: Stores }) => stores.policySets),
  },
  useCases: ({ reads, transaction, caller }: Deps) => ({
    deletePolicySets: (which: Which) => deletePolicySets({ transaction }, which),
    generate: (input: GenerateInput) => generate({ reads, transaction, caller, now }, input),
    putPolicyProfile: (input: PutProfileInput) =>
      putPolicyProfile({ transaction, caller, now }, input),
    deletePolicyProfile: (input: DeleteProfileInput) =>
      deletePolicyProfile({ transaction, caller, now }, input),
  }),
  jobs: ({ useCasesFor }: Working<Generating>) => ({
    generate: async (job: ClaimedJob, { signal }: JobControl): Promise<JobResult> => {
      const { clusterId, request } = job;
      const { policySet, ...outcome } = await useCasesFor(job, signal).generate(
        await unpacked(request as GenerateInput),
      );
      return {
        ...(policySet !== null && { node: encodeId('PolicySet', clusterId, policySet.id) }),
        outcome: { ...outcome, policySetId: policySet?.id ?? null },
      };
    },
  }),
} as const;
