import { POLICY, type World } from './world.js';

/** For a mutation an input that changes something, and another one of the same type. */
export type Inputs = readonly [first: object, other: object];

const SCOPE = { cluster: 'lab' };
/** One deployment. */
export const WEB = { cluster: 'lab', deployments: ['shop/web'] };

const ofBaselines: Readonly<Record<string, Inputs>> = {
  advanceBaselines: [SCOPE, { cluster: 'other' }],
  applyBaselineDecay: [SCOPE, WEB],
  confirmBaselineEntries: [
    { ...SCOPE, entries: [{ port: 8080 }] },
    { ...SCOPE, entries: [{ port: 443 }] },
  ],
  forbidBaselineEntries: [
    { ...SCOPE, entries: [{ port: 8080 }] },
    { ...SCOPE, entries: [{ port: 443 }] },
  ],
  generateBaselines: [SCOPE, WEB],
  importBaselines: [
    { ...SCOPE, text: '{"baselines":[]}' },
    { ...SCOPE, text: '{"baselines":[]} ' },
  ],
  lockBaselines: [SCOPE, WEB],
  removeBaselineEntries: [
    { ...SCOPE, entries: [{ port: 8080 }] },
    { ...SCOPE, entries: [{ port: 443 }] },
  ],
  setBaselineSettings: [
    { ...SCOPE, quietHours: 3 },
    { ...SCOPE, quietHours: 4 },
  ],
  reopenBaselines: [SCOPE, WEB],
  unlockBaselines: [SCOPE, WEB],
};

const ofClusters: Readonly<Record<string, Inputs>> = {
  generatePolicies: [
    { ...SCOPE, name: 'one' },
    { ...SCOPE, name: 'two' },
  ],
  importExternalBlocks: [
    { ...SCOPE, blocks: [{ name: 'office', cidrs: ['203.0.113.0/24'] }] },
    { ...SCOPE, blocks: [{ name: 'office', cidrs: ['203.0.113.0/25'] }] },
  ],
  putPolicyProfile: [
    { ...SCOPE, profile: { name: 'own', zones: [] } },
    { ...SCOPE, profile: { name: 'other', zones: [] } },
  ],
  deletePolicyProfile: [
    { ...SCOPE, name: 'kept' },
    { ...SCOPE, name: 'other' },
  ],
  setClusterRanges: [
    { ...SCOPE, cidrs: ['10.0.0.0/8'] },
    { ...SCOPE, cidrs: [] },
  ],
  setRetention: [
    { ...SCOPE, days: 300 },
    { ...SCOPE, days: 301 },
  ],
  setRollUp: [
    { ...SCOPE, days: 300 },
    { ...SCOPE, days: 301 },
  ],
  simulatePolicies: [{ ...SCOPE, policies: POLICY }, SCOPE],
};

const ofAlerts = ({ alert, action, rule }: World): Readonly<Record<string, Inputs>> => ({
  acceptAlerts: [{ ids: [alert] }, { ids: [alert], reason: 'why' }],
  commentOnAlert: [
    { id: alert, text: 'one' },
    { id: alert, text: 'two' },
  ],
  createAlertRule: [
    { name: 'new', criterion: 'DENIED' },
    { name: 'newer', criterion: 'DENIED' },
  ],
  decideAlertAction: [
    { id: action, approve: true },
    { id: action, approve: false },
  ],
  deleteAlertRule: [{ id: rule }, { id: alert }],
  importKnownBad: [
    { format: 'PLAIN', text: '203.0.113.99', mode: 'MERGE' },
    { format: 'PLAIN', text: '203.0.113.98', mode: 'MERGE' },
  ],
  reopenAlerts: [{ ids: [alert] }, { filter: {} }],
  resolveAlert: [{ id: alert }, { id: alert, resolution: 'why' }],
  resolveAlerts: [{ ids: [alert] }, { filter: {} }],
  snoozeAlerts: [
    { ids: [alert], until: '2999-01-01T00:00:00Z' },
    { ids: [alert], until: '2999-01-02T00:00:00Z' },
  ],
  updateAlertRule: [
    { id: rule, name: 'worse' },
    { id: rule, name: 'worst' },
  ],
});

const ofTheRest = ({
  notifier,
  token,
  simulation,
  job,
}: World): Readonly<Record<string, Inputs>> => ({
  cancelJob: [{ id: job }, { id: simulation }],
  cancelJobs: [{ filter: {} }, { filter: { cluster: { eq: 'lab' } } }],
  createNotifier: [
    { name: 'pager', kind: 'ALERTMANAGER', url: 'http://127.0.0.1:9/' },
    { name: 'pagers', kind: 'ALERTMANAGER', url: 'http://127.0.0.1:9/' },
  ],
  createToken: [
    { name: 'ci', roles: ['VIEWER'] },
    { name: 'cd', roles: ['VIEWER'] },
  ],
  deleteCluster: [SCOPE, { cluster: 'other' }],
  deleteExternalBlocks: [{ filter: {} }, { filter: { name: { eq: 'office' } } }],
  deleteNotifier: [{ id: notifier }, { id: token }],
  deletePolicySets: [{ filter: {} }, { filter: { allVersions: true } }],
  deleteSimulation: [{ id: simulation }, { id: job }],
  deleteSimulations: [{ filter: {} }, { filter: { cluster: { eq: 'lab' } } }],
  retryNotification: [{ id: notifier }, { id: token }],
  revokeToken: [{ id: token }, { id: job }],
  switchNotifier: [
    { id: notifier, enabled: false },
    { id: notifier, enabled: true },
  ],
  testNotifier: [{ id: notifier }, { id: token }],
  updateNotifier: [
    { id: notifier, minSeverity: 'HIGH' },
    { id: notifier, minSeverity: 'LOW' },
  ],
});

/** What takes away what others are about comes last. */
const LAST = [
  'deleteAlertRule',
  'deleteSimulation',
  'deleteSimulations',
  'deletePolicySets',
  'deleteExternalBlocks',
  'deleteNotifier',
  'deletePolicyProfile',
  'revokeToken',
  'deleteCluster',
];

/** By name of the mutation, in an order in which each has something to do. */
export function mutationInputs(world: World): ReadonlyMap<string, Inputs> {
  const all = { ...ofBaselines, ...ofClusters, ...ofAlerts(world), ...ofTheRest(world) };
  const rest = Object.keys(all).filter(name => !LAST.includes(name));
  const ordered = [...rest, ...LAST];
  return new Map(ordered.map(name => [name, all[name] as Inputs]));
}
