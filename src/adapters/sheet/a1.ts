/** Quoted, a tab named A1 is a tab. https://developers.google.com/workspace/sheets/api/guides/concepts#cell */
export const rangeOf = (tab: string): string => `'${tab.replaceAll("'", "''")}'`;
