/** SQL: what was asked for because of alerts `(cluster_id, id)` that are resolved, and nobody decided, has expired: also when they come back. */
export const expiring = (resolved: string): string =>
  `update alert_action t set state = 'EXPIRED' from ${resolved} x
    where t.cluster_id = x.cluster_id and t.alert_id = x.id and t.state = 'REQUESTED'`;
