interface Mask {
  readonly [name: string]: Mask | true;
}

/** `a,b(c,d.e)` as https://developers.google.com/workspace/docs/api/how-tos/performance#partial has it. */
function parse(text: string): Mask {
  let position = 0;
  const take = (character: string): boolean => {
    if (text[position] !== character) return false;
    position += 1;
    return true;
  };
  function item(): [name: string, inner: Mask | true] {
    const [name = ''] = /^[\w*]+/.exec(text.slice(position)) ?? [];
    position += name.length;
    if (take('.')) return [name, Object.fromEntries([item()])];
    if (!take('(')) return [name, true];
    const inner = list();
    take(')');
    return [name, inner];
  }
  function list(): Mask {
    const items = [item()];
    while (take(',')) items.push(item());
    return Object.fromEntries(items);
  }
  return list();
}

function keep(value: unknown, mask: Mask | true): unknown {
  if (mask === true || mask['*'] !== undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => keep(each, mask));
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    const of = mask[name];
    return of === undefined ? [] : [[name, keep(inner, of)]];
  });
  return Object.fromEntries(entries);
}

/** What is left of an answer when only these fields are asked for. */
export const onlyFields = (value: unknown, fields: string): unknown => keep(value, parse(fields));
