import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { errorCode } from '../adapters/error-code.js';
import { type Candle, minuteMs } from '../domain/evidence/candle.js';
import { readPrice } from '../domain/price.js';
import { readInstant } from './instant.js';

const columns = ['open_time', 'open', 'high', 'low', 'close'] as const;

function readCandle(record: Readonly<Record<string, string>>): Candle | string {
  const openAt = readInstant(record.open_time ?? '');
  if (openAt === undefined)
    return `open_time: expected a time such as 2023-03-01 00:00:00, got "${record.open_time ?? ''}"`;
  const [open, high, low, close] = (['open', 'high', 'low', 'close'] as const).map((name) => readPrice(record[name]));
  if (open === undefined || high === undefined || low === undefined || close === undefined)
    return 'open, high, low and close: expected plain decimals above zero';
  if (high.value.lt(low.value)) return `high ${high.text} is lower than low ${low.text}`;
  return { openAt, spanMs: minuteMs, open, high, low, close };
}

/** One-minute candles under the header `open_time,open,high,low,close,volume`. Throws an error that names the line. */
export async function readCandleFile(path: string): Promise<Candle[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`${path} cannot be read (${errorCode(error) ?? 'unknown error'}); expected a CSV file of candles`);
  });
  let header: string[] = [];
  const records: Record<string, string>[] = parse(text, {
    columns: (names: string[]) => {
      header = names;
      return names;
    },
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
  });
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0)
    throw new Error(`${path}: expected the columns ${columns.join(', ')}, volume; ${missing.join(', ')} missing`);
  if (records.length === 0) throw new Error(`${path}: expected candles, found the header alone`);
  const candles: Candle[] = [];
  for (const [index, record] of records.entries()) {
    const candle = readCandle(record);
    const line = `${path}, line ${index + 2}`;
    if (typeof candle === 'string') throw new Error(`${line}: ${candle}`);
    if (candle.openAt <= (candles.at(-1)?.openAt ?? 0))
      throw new Error(`${line}: expected candles oldest first, each minute once`);
    candles.push(candle);
  }
  return candles;
}
