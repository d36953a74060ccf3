/** Of the roles that a contract knows, those in which no member acts: what it reserves to them, nobody can do. */
export const missingRoles = (wanted: readonly string[], members: readonly { readonly applicationRoles: readonly string[] }[]): string[] =>
  [...new Set(wanted)].filter((role) => !members.some(({ applicationRoles }) => applicationRoles.includes(role)));
