/** The first release that runs TypeScript's types away without a flag and has what we use of node:test. */
const OLDEST = [22, 18] as const;

/** Null when this Node will do; else what to say. `version` is as `process.versions.node` has it. */
export function nodeVersionProblem(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return `weirgate needs Node ${OLDEST.join('.')} or newer, and this is Node ${version}: install Node 24; in a checkout, run it through npm (\`npm run weirgate -- …\`), which brings Node 24, after \`npm rebuild node\` where npm blocks install scripts`;
}
