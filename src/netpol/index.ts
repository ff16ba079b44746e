export type {
  ContainerPort,
  Facts,
  NamespaceFact,
  NodeFact,
  PodFact,
  RouteFact,
  ServiceFact,
  ServicePort,
} from './facts.js';
export {
  EVERYTHING,
  type Labels,
  type Requirement,
  type Selector,
  SelectorOperator,
} from './labels.js';
export {
  Action,
  Direction,
  type Peer,
  type Policy,
  type PortMatch,
  Protocol,
  type Rule,
  Tier,
} from './policy.js';
export { type Place, type Problem, Severity } from './problem.js';
export { type DocumentReading, readDocuments, type SourceDocument } from './reading/documents.js';
export { type ManifestReading, manifestsOf, readManifests } from './reading/manifests.js';
export {
  type JsonObject,
  type KubernetesObject,
  type ObjectReading,
  readObjects,
} from './reading/objects.js';
export {
  type PolicyOptions,
  type PolicyReading,
  parsePolicies,
  policiesOf,
} from './reading/policies.js';
export type { Locate, Path, Source } from './reading/source.js';
