/** What is used of Kubernetes' rules of access (RBAC). */
import type { KubernetesObject, ResourceType } from './types.ts';

export interface RoleBinding extends KubernetesObject {
  /** Cannot be changed. */
  roleRef: { apiGroup: 'rbac.authorization.k8s.io'; kind: 'Role' | 'ClusterRole'; name: string };
  subjects?: { kind: 'ServiceAccount'; name: string; namespace: string }[];
}
export const roleBindings: ResourceType<RoleBinding> = {
  group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'RoleBinding', plural: 'rolebindings', namespaced: true,
};
