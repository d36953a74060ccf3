import type { Node } from '@guildhall/resources';

export type NodeRole = Node['spec']['role'];
