/** One attribute value in DynamoDB's own JSON, such as `{ S: 'BTCUSDT' }`. */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly L?: readonly AttributeValue[];
  readonly M?: Item;
}

export type Item = Readonly<Record<string, AttributeValue>>;

const bytes = (text: string): number => Buffer.byteLength(text);

function valueSize({ S, N, L, M }: AttributeValue): number {
  if (S !== undefined) return bytes(S);
  if (N !== undefined) return Math.ceil(N.replace(/^-|\./g, '').length / 2) + 1;
  if (L !== undefined) return 3 + L.reduce((sum, value) => sum + 1 + valueSize(value), 0);
  if (M !== undefined) return 3 + Object.keys(M).length + itemSize(M);
  return 1;
}

/** In bytes. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + valueSize(value), 0);
}

/** Half a unit for each 4 KB begun, a whole one where the read is consistent. */
export const readUnits = (size: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(size / 4096)) * (isConsistent ? 1 : 0.5);

/** A unit for each KB begun. */
export const writeUnits = (size: number): number => Math.max(1, Math.ceil(size / 1024));
