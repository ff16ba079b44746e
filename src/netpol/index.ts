export {
  addressInBlock,
  blockOf,
  canonicalAddress,
  canonicalCidr,
  endsOfBlock,
  liesWithin,
} from './addresses/canonical.js';
export { dnsNameOf } from './addresses/dns-name.js';
export { blockFinder } from './addresses/find-block.js';
export { METADATA_ADDRESSES } from './addresses/metadata.js';
export type { Assertion } from './assert/assertion.js';
export {
  type BlastQuestion,
  type BlastRadius,
  blastRadius,
  type SensitiveReach,
} from './assert/blast-radius.js';
export { type Checked, type Checking, checkAssertions } from './assert/check.js';
export type { AssertedEdge } from './assert/edge-table.js';
export type { AssertedEnd } from './assert/ends.js';
export { readAssertions } from './assert/read-assertions.js';
export { CNIS, cniNamed } from './cni.js';
export { CniTreatment } from './cni-difference.js';
export {
  compareSets,
  type PairDifference,
  type SetDifference,
} from './compare/compare-sets.js';
export { type OrderConflict, orderConflicts } from './compare/order-conflicts.js';
export { type Change, type PolicyIdentity, policyKey, withChange } from './compile/change.js';
export { compile } from './compile/compile.js';
export type { Compiled } from './compile/compiled.js';
export { counted } from './counted.js';
export { decide } from './decide/decide.js';
export { asSeen, hidingService } from './decide/hidden-client.js';
export { type Isolation, isolationOf, policiesSelecting } from './decide/isolation.js';
export { PolicyDialect } from './dialects/dialect.js';
export { renderAs } from './dialects/render-as.js';
export type {
  ApiServerCall,
  ContainerPort,
  Facts,
  MonitorFact,
  NamespaceFact,
  NodeFact,
  PodFact,
  RouteFact,
  ServiceFact,
  ServicePort,
} from './facts.js';
export {
  BUILT_IN_PROFILE_DEFINITIONS,
  BUILT_IN_PROFILES,
} from './generate/built-in-profiles.js';
export { confidenceOf } from './generate/confidence.js';
export { dnsPods, dnsPortsOf } from './generate/dns-pods.js';
export { asksDns } from './generate/dns-ports.js';
export { RuleOrigin } from './generate/draft.js';
export type { Evidence, ObservedFlow } from './generate/evidence.js';
export {
  type GeneratedPolicy,
  type GeneratedRule,
  generatePolicies,
} from './generate/generate.js';
export { workloadsGoverned } from './generate/governed.js';
export {
  Directions,
  DnsPeers,
  ExternalGrouping,
  type GenerateOptions,
  IngressSources,
} from './generate/options.js';
export { type Profile, ProfileFault, parseProfile } from './generate/profile.js';
export { generateFewest } from './generate/proved.js';
export { withoutScans } from './generate/scans.js';
export { privilegeScores } from './generate/score.js';
export { judge } from './judge/judge.js';
export { type FlowColumns, type Judgements, judgeAll } from './judge/judge-all.js';
export {
  EVERYTHING,
  type Labels,
  type Requirement,
  type Selector,
  SelectorOperator,
} from './labels.js';
export type { Finding } from './lint/finding.js';
export { lint } from './lint/lint.js';
export { refusedPolicies } from './lint/refused.js';
export { LINT_RULES } from './lint/rules.js';
export {
  type DiffRow,
  diffRow,
  formatDiff,
  type WorkloadChanges,
} from './list/diff.js';
export { explainerOf } from './list/explanation.js';
export { exposureOf } from './list/exposure.js';
export {
  FutureClaim,
  type FuturePods,
  type FutureReach,
  futurePodsOf,
} from './list/future-access.js';
export {
  type ExplainedRow,
  type Exposure,
  formatList,
  LIST_FORMATS,
  type ListFormat,
} from './list/list.js';
export type { AskedEnd } from './list/part-ends.js';
export {
  type AnswerPart,
  type AnswerParts,
  answerByParts,
  decisionOfParts,
  hasParts,
} from './list/parts.js';
export { isolationText, reasonText, rulePath } from './list/reason.js';
export { isPeerNamed, type ListRow } from './list/row.js';
export { type AllowedPair, allowedBetween } from './map/allowed-between.js';
export { type ConnectivityMap, connectivityMap, type MapRow } from './map/connectivity.js';
export { deadRoutes } from './map/dead-routes.js';
export { deniedPairs } from './map/denied.js';
export { formatMapPeer, type MapPeer } from './map/map-peer.js';
export { nearestName, nearestNames } from './peers/near.js';
export {
  formatPeerText,
  type PeerFault,
  type PeerText,
  parsePeerText,
} from './peers/peer-text.js';
export { type FoundPeer, type Outside, peerResolver } from './peers/resolve-peer.js';
export { workloadNameOf } from './peers/workload-name.js';
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
export { policyMeaning } from './policy-meaning.js';
export {
  ALL_PORTS,
  containsPort,
  equalPorts,
  formatPortSet,
  intersectPorts,
  isAllPorts,
  isNoPorts,
  NO_PORTS,
  type PortRange,
  type PortSet,
  portSetOf,
  subtractPorts,
  unitePorts,
} from './ports/port-set.js';
export { type Place, type Problem, Severity } from './problem.js';
export { isCalling, isMonitor } from './reading/call-facts.js';
export { type ManifestReading, manifestsOf, readManifests } from './reading/manifests.js';
export {
  faultOfDnsLabel,
  faultOfLabelKey,
  faultOfLabelValue,
  faultOfSubdomain,
} from './reading/names.js';
export {
  type JsonObject,
  type KubernetesObject,
  type ObjectReading,
  readObjects,
} from './reading/objects.js';
export {
  isForeignPolicy,
  type PolicyOptions,
  type PolicyReading,
  parsePolicies,
  policiesOf,
} from './reading/policies.js';
export { isRoute } from './reading/route-facts.js';
export type { Locate, Path, Source } from './reading/source.js';
export { remembered } from './remembered.js';
export { type Comments, render, renderDocument } from './render.js';
export { betweenPods, isTwin, withTwins } from './twin.js';
export {
  type Connection,
  DEFAULT_MODES,
  type Decision,
  type Endpoint,
  type Half,
  type Modes,
  type Reason,
  type Unruled,
  Verdict,
} from './verdict.js';
export {
  csvField,
  dotQuoted,
  markdownCell,
  visible,
  visibleJson,
  visibleLines,
} from './visible.js';
