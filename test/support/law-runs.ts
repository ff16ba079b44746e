/** How often a law is tried: 50 times, or as often as `WEIRGATE_LAW_RUNS` says. */
export const lawRuns = (usual = 50): number =>
  Number.parseInt(process.env['WEIRGATE_LAW_RUNS'] ?? '', 10) || usual;
