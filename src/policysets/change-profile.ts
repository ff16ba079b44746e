import type { Caller } from '../access/caller.js';
import type { ClusterStore } from '../inventory/cluster.store.js';
import { noCluster, notFound } from '../inventory/existing-cluster.js';
import {
  BUILT_IN_PROFILES,
  nearestName,
  type Problem,
  type Profile,
  ProfileFault,
  parseProfile,
} from '../netpol/index.js';
import { errorAt, versionFault } from '../query/problem.js';
import type { PolicyProfile } from './policy-profile.js';
import type { PolicyProfileStore } from './policy-profile.store.js';

type Stores = {
  readonly clusters: Pick<ClusterStore, 'byName' | 'names'>;
  readonly policyProfiles: PolicyProfileStore;
};

export type ProfileDeps = {
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
  readonly caller: Caller;
  readonly now: () => string;
};

export type PutProfileInput = {
  readonly cluster: string;
  readonly profile: unknown;
  /** Null: whatever it is; 0: there is none yet. */
  readonly expectedVersion: number | null;
};

export type PutProfileOutcome = {
  readonly profile: PolicyProfile | null;
  readonly problems: readonly Problem[];
};

const MOST_PROFILES = 100;

const isBuiltIn = (name: string): boolean => Object.hasOwn(BUILT_IN_PROFILES, name);

/** A name is one word, as `--profile` tells names from files. */
const NAME = /^[\w-]{1,63}$/;

type Read = { readonly read: Profile } | { readonly fault: Problem };

function readProfile(value: unknown): Read {
  try {
    const read = parseProfile(value);
    if (!NAME.test(read.name))
      return {
        fault: errorAt(
          'PROFILE_INVALID',
          'profile.name',
          `\`${read.name}\` is no name for a profile`,
          'write letters, digits, `-` and `_`, 63 at most',
        ),
      };
    if (!isBuiltIn(read.name)) return { read };
    return {
      fault: errorAt(
        'NAME_TAKEN',
        'profile.name',
        `the profile \`${read.name}\` comes with the program`,
        'give yours another name',
      ),
    };
  } catch (error) {
    if (!(error instanceof ProfileFault)) throw error;
    return {
      fault: errorAt(
        'PROFILE_INVALID',
        'profile',
        error.message,
        'write it as docs/examples/profiles do',
      ),
    };
  }
}

const nothing = (problem: Problem): PutProfileOutcome => ({ profile: null, problems: [problem] });

/** What is against a change; null: nothing. */
function changeFault(
  { name }: Profile,
  all: readonly PolicyProfile[],
  expectedVersion: number | null,
): Problem | null {
  const before = all.find(one => one.name === name);
  const stale = versionFault(`the profile \`${name}\``, before?.version ?? 0, expectedVersion);
  if (stale !== null || before !== undefined || all.length < MOST_PROFILES) return stale;
  return errorAt(
    'TOO_MANY_PROFILES',
    'profile',
    `the cluster has ${MOST_PROFILES} profiles, and more are not kept`,
    'delete some with `deletePolicyProfile`',
  );
}

/** Stores a profile under its own name, or changes the one of that name. The same definition again is no new version. */
export function putPolicyProfile(
  { transaction, caller, now }: ProfileDeps,
  { cluster: named, profile: definition, expectedVersion }: PutProfileInput,
): Promise<PutProfileOutcome> {
  const made = readProfile(definition);
  return transaction(async ({ clusters, policyProfiles }) => {
    const cluster = await clusters.byName(named);
    if (cluster === null) return nothing(await noCluster(clusters, named));
    if ('fault' in made) return nothing(made.fault);
    const { name } = made.read;
    const all = await policyProfiles.locked(cluster.id);
    const fault = changeFault(made.read, all, expectedVersion);
    if (fault !== null) return nothing(fault);
    const before = all.find(one => one.name === name) ?? null;
    const version = (before?.version ?? 0) + 1;
    const changed = { updatedAt: now(), updatedBy: caller.name };
    const profile = { clusterId: cluster.id, name, version, definition, ...changed };
    const isNew = await policyProfiles.put(profile);
    return { profile: isNew ? profile : before, problems: [] };
  });
}

export type DeleteProfileInput = {
  readonly cluster: string;
  readonly name: string;
  readonly expectedVersion: number | null;
};

export type DeleteProfileOutcome = {
  readonly deleted: boolean;
  readonly problems: readonly Problem[];
};

/** Policy sets that were generated with it stay as they are. */
export const deletePolicyProfile = (
  { transaction }: ProfileDeps,
  { cluster: named, name, expectedVersion }: DeleteProfileInput,
): Promise<DeleteProfileOutcome> =>
  transaction(async ({ clusters, policyProfiles }) => {
    const refused = (problem: Problem) => ({ deleted: false, problems: [problem] });
    const cluster = await clusters.byName(named);
    if (cluster === null) return refused(await noCluster(clusters, named));
    const all = await policyProfiles.locked(cluster.id);
    const found = all.find(one => one.name === name);
    if (found === undefined)
      return refused(
        notFound('name', `no profile of the cluster is named \`${name}\``, {
          nearest: nearestName(
            name,
            all.map(one => one.name),
          ),
          list: 'policyProfiles',
        }),
      );
    const stale = versionFault(`the profile \`${name}\``, found.version, expectedVersion);
    if (stale !== null) return refused(stale);
    await policyProfiles.remove(cluster.id, name);
    return { deleted: true, problems: [] };
  });
