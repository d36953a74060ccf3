/** Version and operation labels may change; what selects pods may not. */
export const selectorOf = (labels: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => key !== 'app.kubernetes.io/managed-by'));
