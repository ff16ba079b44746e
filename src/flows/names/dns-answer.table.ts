import { EntitySchema } from 'typeorm';
import type { DnsName } from './dns-answer.store.js';

type DnsAnswerRow = Omit<DnsName, 'from' | 'until'> & {
  readonly clusterId: number;
  readonly validFrom: string;
  readonly validTo: string;
};

const primaryKey = { primary: true, primaryKeyConstraintName: 'dns_answer_pkey' } as const;

/** Names that clients were told for addresses. */
export const DnsAnswerTable = new EntitySchema<DnsAnswerRow>({
  name: 'dns_answer',
  columns: {
    clusterId: { ...primaryKey, type: 'int', name: 'cluster_id' },
    clientId: { ...primaryKey, type: 'uuid', name: 'client_id' },
    address: { ...primaryKey, type: 'inet' },
    name: { ...primaryKey, type: 'text' },
    validFrom: { type: 'timestamptz', name: 'valid_from' },
    validTo: { type: 'timestamptz', name: 'valid_to' },
  },
  foreignKeys: [
    {
      target: 'peer',
      columnNames: ['clusterId', 'clientId'],
      referencedColumnNames: ['clusterId', 'id'],
      name: 'dns_answer_client_fkey',
    },
  ],
});
