/** Roles that Guildhall's templates know, as suggestions; a test compares them with the templates. Any other can be typed. */
export const suggestedRoles = ['admin', 'timekeeper', 'regulator', 'debtor', 'supplier', 'funder'] as const;
