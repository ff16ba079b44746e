/** Of the cluster 1, `lab`, that the samples of the inventory make. */
export const DEPLOYMENT = '00000000-0000-0000-0000-000000000001';
export const OTHER = '00000000-0000-0000-0000-000000000002';
export const NODE = '00000000-0000-0000-0000-000000000003';

/** Of whatever has an id. */
export const FLOW = '00000000-0000-0000-0000-000000000001';
export const KEYS = [{ clusterId: 1, id: DEPLOYMENT }];

export const NOW = '2026-11-22T10:00:00.000000Z';
export const LATER = '2026-11-22T11:00:00.000000Z';
