import { parsePolicies } from '../../../src/netpol/index.js';

export const anp = (spec: string, name = 'a') =>
  `apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
export const banp = (spec: string, name = 'default') =>
  `apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
export const cnp = (spec: string, name = 'c') =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

export const read = (...texts: readonly string[]) =>
  parsePolicies([{ file: null, text: texts.join('---\n') }]);

export const everybody = 'subject: {namespaces: {}}';
