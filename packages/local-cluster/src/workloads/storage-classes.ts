/** Storage classes there are, and what becomes of the data when the claim is deleted. */
export const storageClasses = { local: 'Delete', 'local-retain': 'Retain' } as const satisfies Record<string, 'Delete' | 'Retain'>;
