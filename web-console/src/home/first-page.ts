/** What the list of consortia asks for first. */
export const firstPage = { first: 50 };
