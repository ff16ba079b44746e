import assert from 'node:assert/strict';
import { withServer } from '../../support/server.js';
import { folderOf } from '../folder.js';
import { lines, MANIFESTS, record, weirgateAt } from './weirgate.js';

type Weirgate = ReturnType<typeof weirgateAt>;

const DNS = { ip: '192.0.2.44', dnsName: 'api.payments.example' };

/** A cluster `east` with two deployments and two flows. */
export const withEast = (
  t: Parameters<typeof folderOf>[0],
  use: (weirgate: Weirgate) => Promise<void>,
): Promise<void> =>
  withServer(async ({ server }) => {
    const weirgate = weirgateAt(server);
    const records = lines([record(1), record(2), record(3, DNS, 443)]);
    const imports = ['network-flow', 'import', '--cluster', 'east', '--format', 'neutral', '-'];
    await weirgate(['cluster', 'import', '--cluster', 'east', folderOf(t, MANIFESTS)]);
    assert.equal((await weirgate(imports, records)).exit, 0);
    await use(weirgate);
  });
