/** Whether a problem is about a value, or about something within it: members[0].nodes[1].name is shown at members[0].nodes. */
export const isAt = (problemPath: string, place: string): boolean => problemPath === place || problemPath.startsWith(`${place}.`) || problemPath.startsWith(`${place}[`);
