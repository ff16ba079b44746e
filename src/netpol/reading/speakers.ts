import { type Candidate, isPod, ownerKey, phaseOfEnded, rootOf } from './candidate.js';
import type { Controller } from './owners.js';
import { isKnownWorkload } from './pod-templates.js';

/** Which objects of an input speak for a workload, and under whose name. */
export type Speakers = {
  /** The owner that a pod or template is shown under. */
  readonly ownerOf: (candidate: Candidate) => Controller;
  /** True for a template whose workload has pods in the input, or a template nearer to the owner. */
  readonly isSpokenFor: (template: Candidate) => boolean;
};

/**
 * Pods speak for the workload that controls them, so its template is no second row. Owners are followed through owner
 * objects of the input only: where the ReplicaSet between a Deployment and its pods is missing, the pods stand under the
 * ReplicaSet's name as written, and the Deployment's template stands beside them.
 */
export function speakersAmong(candidates: readonly Candidate[]): Speakers {
  const pods = candidates.filter(({ object }) => isPod(object));
  const claimed = new Set(
    pods.flatMap(pod => claimedBy(pod).map(owner => ownerKey(pod.object, owner))),
  );
  const templates = new Set(candidates.map(selfKey));
  const madeFrom = new Set(
    candidates
      .filter(({ object }) => !isPod(object) && !REPEATING.includes(object.kind))
      .flatMap(({ object, chain }) => chain.owners.map(owner => ownerKey(object, owner))),
  );
  return {
    ownerOf: rootOf,
    isSpokenFor: template =>
      claimed.has(selfKey(template)) ||
      // What an operator made of its own object tells more of the pods than that object.
      (!isKnownWorkload(template.object) && madeFrom.has(selfKey(template))) ||
      template.chain.owners.some(owner => isTemplateClaimed(template, owner, claimed, templates)),
  };
}

function selfKey({ object }: Candidate): string {
  return ownerKey(object, { kind: object.kind, name: object.name ?? '' });
}

/** Ended pods are gone, but the Job that they were made for has run. */
function claimedBy(pod: Candidate): readonly Controller[] {
  const { owners } = pod.chain;
  return phaseOfEnded(pod.object) === null ? owners : owners.filter(({ kind }) => kind === 'Job');
}

const WITH_TEMPLATES = ['Deployment', 'DeploymentConfig', 'CronJob'];

/** A ReplicaSet, ReplicationController or Job repeats the template of what controls it. */
const REPEATING = ['ReplicaSet', 'ReplicationController', 'Job'];

function isTemplateClaimed(
  template: Candidate,
  owner: Controller,
  claimed: ReadonlySet<string>,
  templates: ReadonlySet<string>,
): boolean {
  const key = ownerKey(template.object, owner);
  if (WITH_TEMPLATES.includes(owner.kind)) return claimed.has(key) || templates.has(key);
  return REPEATING.includes(template.object.kind) && templates.has(key);
}
