/**
 * The rows of a table that is written as text: cells parted by `|`, a row a line, or several where those after the
 * first stand further in. Every row must be whole.
 */
export function rowsIn(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const indent = lines[0]?.search(/\S/);
  const rows: string[][] = [];
  for (const line of lines) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (line.search(/\S/) === indent) rows.push(cells);
    else rows.at(-1)?.push(...cells);
  }
  const broken = rows.find((row) => row.length !== rows[0]?.length);
  if (broken !== undefined) throw new Error(`expected ${rows[0]?.length} cells, got ${broken.join(' | ')}`);
  return rows;
}

/** What a cell lists, parted by commas; a blank cell lists nothing. */
export const listIn = (cell: string): string[] => (cell === '' ? [] : cell.split(',').map((each) => each.trim()));
