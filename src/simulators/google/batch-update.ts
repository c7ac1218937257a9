import { invalid } from './errors.js';
import { done, type Outcome, type Refusal, type Request, refuse } from './request.js';
import { appendDimension, copyPaste, type Dimension, deleteDimension, insertDimension } from './row-requests.js';
import { sizeOf } from './spreadsheet.js';
import { type GoogleState, type GridRangeJson, lookOf, newLook, type SheetRows, sheetIdOf, tabOf } from './state.js';
import { appendCells, updateCells } from './update-cells.js';

function addSheet(state: GoogleState, { properties }: Request): Outcome {
  const { title, sheetId, hidden, gridProperties } = (properties ?? {}) as {
    title?: string;
    sheetId?: number;
    hidden?: boolean;
    gridProperties?: { frozenRowCount?: number; rowCount?: number; columnCount?: number };
  };
  const name = title ?? `Sheet${state.tabs.size + 1}`;
  if (state.tabs.has(name)) {
    return refuse('addSheet', `A sheet with the name "${name}" already exists. Please enter another name.`);
  }
  if (sheetId !== undefined && tabOf(state, sheetId) !== undefined) {
    return refuse('addSheet', `A sheet with the ID ${sheetId} already exists. Please choose another ID.`);
  }
  state.tabs.set(name, []);
  const { frozenRowCount } = gridProperties ?? {};
  state.looks.set(name, {
    ...newLook(),
    ...gridProperties,
    ...(sheetId !== undefined && { sheetId }),
    ...(hidden && { hidden }),
  });
  const grid = { ...sizeOf(state, name), ...(frozenRowCount && { frozenRowCount }) };
  const made = { title: name, index: state.tabs.size - 1, sheetType: 'GRID', gridProperties: grid };
  return { reply: { addSheet: { properties: { sheetId: sheetIdOf(state, name), ...made } } } };
}

function deleteSheet(state: GoogleState, tab: string): Outcome {
  if (state.tabs.size === 1) return refuse('deleteSheet', "You can't remove all the sheets in a document.");
  state.tabs.delete(tab);
  state.looks.delete(tab);
  return done;
}

function repeatCell(state: GoogleState, tab: string, { range, cell, fields }: Request): Outcome {
  const { startRowIndex = 0, endRowIndex, startColumnIndex = 0, endColumnIndex } = range as GridRangeJson;
  const size = sizeOf(state, tab);
  const width = (endColumnIndex ?? size.columnCount) - startColumnIndex;
  const row = { values: Array.from({ length: width }, () => cell) };
  const rows = Array.from({ length: (endRowIndex ?? size.rowCount) - startRowIndex }, () => row);
  const mask = String(fields).replace(/\(.*?\)|\.[\w.]+/g, '');
  return updateCells(state, tab, { range: range as object, rows, fields: mask }) ?? done;
}

function addConditionalFormatRule(state: GoogleState, tab: string, { rule, index }: Request): Outcome {
  lookOf(state, tab).conditionalFormats.splice(Number(index ?? 0), 0, rule as object);
  return done;
}

function addProtectedRange(state: GoogleState, tab: string, request: Request): Outcome {
  const asked = request.protectedRange as { range: GridRangeJson; warningOnly?: boolean; description?: string };
  const { sheetId: _, ...range } = asked.range;
  const { protectedRanges } = lookOf(state, tab);
  const made = {
    protectedRangeId: 1_000 + protectedRanges.length,
    range,
    ...(asked.warningOnly && { warningOnly: true }),
    // Who sets a protection stays an editor.
    requestingUserCanEdit: true,
  };
  protectedRanges.push(made);
  return { reply: { addProtectedRange: { protectedRange: { ...made, editors: {} } } } };
}

function setDataValidation(state: GoogleState, tab: string, { range, rule }: Request): Outcome {
  lookOf(state, tab).validations.push({ range: range as GridRangeJson, ...(rule ? { rule: rule as object } : {}) });
  return done;
}

function updateSheetProperties(state: GoogleState, tab: string, { properties, fields }: Request): Outcome {
  const { gridProperties, hidden } = properties as { gridProperties?: { frozenRowCount?: number }; hidden?: boolean };
  if (fields === 'hidden') {
    const isLast = [...state.tabs.keys()].every((each) => each === tab || lookOf(state, each).hidden);
    if (hidden && isLast) return refuse('updateSheetProperties', "You can't hide all the sheets in a document.");
    lookOf(state, tab).hidden = hidden === true;
    return done;
  }
  if (fields !== 'gridProperties.frozenRowCount') return refuse('updateSheetProperties', `Invalid field: ${fields}`);
  lookOf(state, tab).frozenRowCount = gridProperties?.frozenRowCount ?? 0;
  return done;
}

const requestsOnTab: Readonly<Record<string, (state: GoogleState, tab: string, request: Request) => Outcome>> = {
  updateCells: (state, tab, request) => updateCells(state, tab, request) ?? done,
  appendCells: (state, tab, request) => appendCells(state, tab, request) ?? done,
  deleteDimension,
  insertDimension,
  appendDimension,
  copyPaste,
  deleteSheet,
  repeatCell,
  addConditionalFormatRule,
  addProtectedRange,
  setDataValidation,
  updateSheetProperties,
};

/** Every request names its tab in another place; 0 may be left out. */
function sheetIdIn(request: Request): number {
  const holders = [
    request,
    request.range,
    request.source,
    request.start,
    request.properties,
    request.protectedRange,
    request.rule,
  ];
  const ids = holders.flatMap((holder) => {
    const { sheetId, range, ranges } = (holder ?? {}) as { sheetId?: number; range?: Dimension; ranges?: Dimension[] };
    return sheetId ?? range?.sheetId ?? ranges?.[0]?.sheetId ?? [];
  });
  return ids[0] ?? 0;
}

function perform(state: GoogleState, request: Request): Outcome {
  const [[name, body] = ['', {}]] = Object.entries(request) as [string, Request][];
  if (name === 'addSheet') return addSheet(state, body);
  const act = requestsOnTab[name];
  if (act === undefined) {
    return {
      error: invalid(`Invalid JSON payload received. Unknown name "${name}" at 'requests': Cannot find field.`),
    };
  }
  const sheetId = sheetIdIn(body);
  const tab = tabOf(state, sheetId);
  return tab === undefined ? refuse(name, `No grid with id: ${sheetId}`) : act(state, tab, body);
}

const copied = (state: GoogleState): GoogleState => ({
  ...state,
  tabs: new Map([...state.tabs].map(([tab, rows]): [string, SheetRows] => [tab, rows.map((row) => [...row])])),
  looks: structuredClone(state.looks),
});

/** All of them or none. https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/batchUpdate */
export function batchUpdate(state: GoogleState, requests: readonly Request[]): { replies: object[] } | Refusal {
  if (requests.length === 0) return { error: invalid('Must specify at least one request.') };
  const trial = copied(state);
  const replies: object[] = [];
  for (const [index, request] of requests.entries()) {
    const outcome = perform(trial, request);
    if ('error' in outcome) {
      return { error: { ...outcome.error, message: outcome.error.message.replace('[?]', `[${index}]`) } };
    }
    replies.push(outcome.reply);
  }
  for (const [tab, rows] of trial.tabs) {
    // The same array, where a test holds on to it.
    const known = state.tabs.get(tab);
    if (known === undefined) state.tabs.set(tab, rows);
    else known.splice(0, known.length, ...rows);
  }
  for (const [tab, look] of trial.looks) state.looks.set(tab, look);
  for (const tab of [...state.tabs.keys()].filter((each) => !trial.tabs.has(each))) {
    state.tabs.delete(tab);
    state.looks.delete(tab);
  }
  return { replies };
}
