/** Both the groups and what is in them keep the order in which they came. */
export function groupBy<Key, Each>(all: Iterable<Each>, keyOf: (each: Each) => Key): Map<Key, [Each, ...Each[]]> {
  const groups = new Map<Key, [Each, ...Each[]]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}
