import type { RootType } from '../../src/graphql/root-fields.js';

/**
 * Who may ask which root field: the one place where tests expect it, written by hand and not read from the program.
 *
 * `roles`: V(IEWER), A(NALYST), O(PERATOR), (A)D(MIN), S(ENSOR), each for everything.
 * `scopes`, for an ADMIN of the cluster `lab`: W(hole cluster), N(amespace of it), L(abels in it).
 * Who is not in the list is answered FORBIDDEN; nobody is answered without a token.
 */
const TABLE = `
Query alertFacets               VAOD  WNL
Query alertRules                VAOD  WNL
Query alerts                    VAOD  WNL
Query auditExport               D     -
Query auditLog                  VAODS WNL
Query auditVerification         D     -
Query baselineDecay             VAOD  WNL
Query baselineDiff              VAOD  WNL
Query baselineExport            VAOD  WNL
Query baselineSettings          VAOD  WNL
Query baselines                 VAOD  WNL
Query cluster                   VAOD  WNL
Query clusterNodes              VAOD  WNL
Query clusters                  VAOD  WNL
Query deployment                VAOD  WNL
Query deploymentFacets          VAOD  WNL
Query deployments               VAOD  WNL
Query explain                   VAOD  WNL
Query externalBlocks            VAOD  WNL
Query externalEntities          VAOD  WNL
Query flowFacets                VAOD  WNL
Query flowSeries                VAOD  WNL
Query flowsOutside              VAOD  WNL
Query flows                     VAOD  WNL
Query jobs                      VAOD  WNL
Query namespaces                VAOD  WNL
Query networkGraph              VAOD  WNL
Query networkGraphDiff          VAOD  WNL
Query node                      VAOD  WNL
Query nodes                     VAOD  WNL
Query notifiers                 D     -
Query policies                  VAOD  WNL
Query policyFacets              VAOD  WNL
Query policyProfiles            VAOD  WNL
Query policySet                 VAOD  WNL
Query policySets                VAOD  WNL
Query search                    VAOD  WNL
Query simulations               VAOD  WNL
Query tokens                    D     WNL
Query viewer                    VAODS WNL
Mutation acceptAlerts           OD    WNL
Mutation advanceBaselines       OD    WNL
Mutation applyBaselineDecay     OD    WNL
Mutation cancelJob              AOD   WNL
Mutation cancelJobs             AOD   WNL
Mutation commentOnAlert         AOD   WNL
Mutation confirmBaselineEntries OD    WNL
Mutation createAlertRule        OD    WNL
Mutation createNotifier         D     -
Mutation createToken            D     WNL
Mutation decideAlertAction      OD    WNL
Mutation deleteAlertRule        OD    WNL
Mutation deleteCluster          D     W
Mutation deleteExternalBlocks   D     WNL
Mutation deleteNotifier         D     -
Mutation deletePolicyProfile    OD    W
Mutation deletePolicySets       AOD   WNL
Mutation deleteSimulation       AOD   WNL
Mutation deleteSimulations      AOD   WNL
Mutation forbidBaselineEntries  OD    WNL
Mutation generateBaselines      OD    WNL
Mutation generatePolicies       AOD   WNL
Mutation importBaselines        OD    WNL
Mutation importExternalBlocks   D     -
Mutation importInventory        ODS   W
Mutation importKnownBad         OD    WNL
Mutation ingestFlows            ODS   W
Mutation lockBaselines          OD    WNL
Mutation putPolicyProfile       OD    W
Mutation removeBaselineEntries  OD    WNL
Mutation reopenAlerts           OD    WNL
Mutation reopenBaselines        OD    WNL
Mutation resolveAlert           OD    WNL
Mutation resolveAlerts          OD    WNL
Mutation retryNotification      D     -
Mutation revokeToken            D     WNL
Mutation setBaselineSettings    OD    WNL
Mutation setClusterRanges       D     W
Mutation setRetention           D     W
Mutation setRollUp              D     W
Mutation simulatePolicies       AOD   WNL
Mutation snoozeAlerts           OD    WNL
Mutation switchNotifier         D     -
Mutation testAlertRule          AOD   WNL
Mutation testNotifier           D     -
Mutation unlockBaselines        OD    WNL
Mutation updateAlertRule        OD    WNL
Mutation updateNotifier         D     -
Subscription alertChanged       VAOD  WNL
Subscription flowsObserved      VAOD  WNL
Subscription jobChanged         VAOD  WNL
Subscription simulationChanged  VAOD  WNL
`;

const LETTERS: Readonly<Record<string, string>> = {
  V: 'VIEWER',
  A: 'ANALYST',
  O: 'OPERATOR',
  D: 'ADMIN',
  S: 'SENSOR',
  W: 'ADMIN of lab',
  N: 'ADMIN of a namespace',
  L: 'ADMIN by labels',
};

/** All who are asked for. */
export const CALLERS: readonly string[] = Object.values(LETTERS);

/** Names of callers by `Type.field`. */
export const MAY_ASK: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  TABLE.trim()
    .split('\n')
    .map(line => {
      const [type, field, roles, scopes] = line.split(/ +/) as [RootType, string, string, string];
      const letters = [...`${roles}${scopes}`].filter(letter => letter !== '-');
      return [`${type}.${field}`, new Set(letters.map(letter => LETTERS[letter] ?? letter))];
    }),
);
