import { type Selector, selects } from '../labels.js';
import { type Candidate, isPod, ownerKey, phaseOfEnded, rootOf } from './candidate.js';
import { member } from './cursor.js';
import { isJsonObject } from './objects.js';
import { namespaceOf, type Owner } from './owners.js';
import { cursorOf } from './read-each.js';
import { labelsAt, selectorAt } from './selector.js';

/** Which objects of an input speak for a workload, and under whose name. */
export type Speakers = {
  /** The owner that a pod or template is shown under. */
  readonly ownerOf: (candidate: Candidate) => Owner;
  /** True for a template whose workload has pods in the input, or a template nearer to the owner. */
  readonly isSpokenFor: (template: Candidate) => boolean;
};

/**
 * Pods speak for the workload that controls them, so its template is no second row. Where the ReplicaSet between a
 * Deployment and its pods is missing from the input, the Deployment's own selector tells that they belong together
 * ("selector must match the pod template's labels", and no other controller's pods); the first of them in the input
 * then gives the name.
 */
export function speakersAmong(candidates: readonly Candidate[]): Speakers {
  const pods = candidates.filter(({ object }) => isPod(object));
  const adoptions = adoptionsAmong(candidates, pods);
  const claimed = new Set([...adoptions.values()].map(({ deployment }) => selfKey(deployment)));
  for (const pod of pods) {
    for (const owner of claimedBy(pod)) claimed.add(ownerKey(pod.object, owner));
  }
  const templates = new Set(candidates.map(selfKey));
  return {
    ownerOf: candidate => {
      const written = rootOf(candidate);
      return adoptions.get(ownerKey(candidate.object, written))?.name ?? written;
    },
    isSpokenFor: template =>
      claimed.has(selfKey(template)) ||
      template.chain.owners.some(owner => isTemplateClaimed(template, owner, claimed, templates)),
  };
}

type Adoption = { readonly deployment: Candidate; readonly name: Owner };

/** By ReplicaSet: the Deployment that selects its pods, and the name of whichever stands first in the input. */
function adoptionsAmong(
  candidates: readonly Candidate[],
  pods: readonly Candidate[],
): ReadonlyMap<string, Adoption> {
  const adoptedBy = deploymentsOf(candidates);
  const adoptions = new Map<string, Adoption>();
  for (const pod of pods) {
    const deployment = phaseOfEnded(pod.object) === null ? adoptedBy(pod) : null;
    const written = ownerKey(pod.object, rootOf(pod));
    if (deployment === null || adoptions.has(written)) continue;
    adoptions.set(written, {
      deployment,
      name: rootOf(deployment.rank < pod.rank ? deployment : pod),
    });
  }
  return adoptions;
}

function selfKey({ object }: Candidate): string {
  return ownerKey(object, { kind: object.kind, name: object.name ?? '' });
}

/** Ended pods are gone, but the Job that they were made for has run. */
function claimedBy(pod: Candidate): readonly Owner[] {
  const { owners } = pod.chain;
  return phaseOfEnded(pod.object) === null ? owners : owners.filter(({ kind }) => kind === 'Job');
}

const WITH_TEMPLATES = ['Deployment', 'DeploymentConfig', 'CronJob'];

/** A ReplicaSet, ReplicationController or Job repeats the template of what controls it. */
function isTemplateClaimed(
  template: Candidate,
  owner: Owner,
  claimed: ReadonlySet<string>,
  templates: ReadonlySet<string>,
): boolean {
  const key = ownerKey(template.object, owner);
  return WITH_TEMPLATES.includes(owner.kind) && (claimed.has(key) || templates.has(key));
}

type SelectingDeployment = { readonly candidate: Candidate; readonly selector: Selector };

/** Finds the Deployment of a pod whose ReplicaSet is not in the input; asked once a ReplicaSet. */
function deploymentsOf(candidates: readonly Candidate[]): (pod: Candidate) => Candidate | null {
  const byNamespace = Map.groupBy(
    candidates.filter(({ object }) => object.kind === 'Deployment').flatMap(selecting),
    ({ candidate }) => namespaceOf(candidate.object),
  );
  const found = new Map<string, Candidate | null>();
  return pod => {
    const owner = rootOf(pod);
    const deployments = byNamespace.get(namespaceOf(pod.object));
    if (!pod.chain.open || owner.kind !== 'ReplicaSet' || deployments === undefined) return null;
    const key = ownerKey(pod.object, owner);
    const answer = found.get(key) ?? selectedBy(deployments, pod);
    found.set(key, answer);
    return answer;
  };
}

function selecting(candidate: Candidate): readonly SelectingDeployment[] {
  const spec = member(cursorOf(candidate.object, []), 'spec');
  const selector = selectorAt(member(spec, 'selector'));
  return selector === null || selector.requirements.length === 0 ? [] : [{ candidate, selector }];
}

function selectedBy(deployments: readonly SelectingDeployment[], pod: Candidate): Candidate | null {
  const metadata = pod.object.value['metadata'];
  if (!isJsonObject(metadata)) return null;
  const labels = labelsAt(member(member(cursorOf(pod.object, []), 'metadata'), 'labels'));
  return deployments.find(({ selector }) => selects(selector, labels))?.candidate ?? null;
}
