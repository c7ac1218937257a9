import * as v from 'valibot';
import type { Cell } from '../columns.js';
import { cutText } from '../cut-text.js';
import { err, ok, type Result } from '../result.js';

/** What a row is read with beside its own cells. */
export interface Reading {
  /** Undefined accepts any name: on a laptop without keys the pushes go to the terminal. */
  readonly knownUsers: readonly string[] | undefined;
  /** Every channel that there is, in the order in which people are told of them. */
  readonly channelNames: readonly string[];
  /** The channels for which each user has a key; left out, every channel that there is may be named. */
  readonly channels?: ReadonlyMap<string, readonly string[]> | undefined;
  /** ms; a duration counts from here. */
  readonly now: number;
  /** The owner's, by its IANA name: in it a day ends. */
  readonly timeZone: string;
}

export interface Column {
  /** As people are told of it; a header may write it in any case, with or without spaces and underscores. */
  readonly title: string;
  /** Other names for it, in small letters, without spaces and underscores. */
  readonly aliases?: readonly string[];
  /** What else it may be called, where no column has one of the names above; where one has, that word is the trader's own. */
  readonly otherwise?: readonly string[];
  /** Without it no row can be read. */
  readonly isRequired?: boolean;
}

/** An attribute that is undefined is absent from the item. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** How a value stands on the stored item. An error names the attribute, what was expected and what came. */
export interface Codec<T> {
  write(value: T): Attributes;
  read(item: Readonly<Record<string, unknown>>): Result<T, readonly string[]>;
}

/** What another value does to an alert that stays the same alert. */
export type Change = 'nothing' | 'changes' | 'arms-afresh';

/**
 * A field's part in the alert's identity: with another one it is another alert, and a row that keeps its id is armed
 * afresh. `place` orders the parts. The hash rests on it, so it never changes, and a new field has no parts where it is blank.
 */
export interface Identity<T> {
  readonly place: number;
  parts(value: T): readonly string[];
}

/** Where the stored alert stands when its row is read again. */
export interface AlertStanding {
  /** ms */
  readonly now: number;
  /** A check has closed its window. That its date has passed is not enough: what came before may not have been looked at. */
  readonly isOver: boolean;
}

/** Everything that the program knows of one thing that a row may say, mostly in one column. */
export interface Field<T, Name extends string = string, AlsoRead extends string = never> {
  readonly columns: Readonly<Record<Name, Column>>;
  /** Every error is a sentence that says what was expected, what came and what to write. */
  read(cells: Readonly<Record<Name | AlsoRead, Cell>>, reading: Reading): Result<T, string | readonly string[]>;
  /** What makes the value wrong in a row that has no alert yet. `now` in ms. */
  problemWhenNew?(value: T, now: number): string | undefined;
  readonly identity?: Identity<T>;
  /** Of two values with the same identity. Where it is nothing, the stored value stays. */
  change(stored: T, asked: T, alert: AlertStanding): Change;
  readonly attributes: Codec<T>;
  /** The column of `list` that shows it; fields with one heading share a column. `place` orders the columns. */
  readonly listed?: { readonly heading: string; readonly place: number };
  shown(value: T): string;
  /** In `list --json`. */
  record(value: T): Readonly<Record<string, unknown>>;
}

type FreeField<T, Name extends string, AlsoRead extends string> = Field<T, Name, AlsoRead> & {
  readonly identity?: never;
};
type IdentityField<T, Name extends string, AlsoRead extends string> = Field<T, Name, AlsoRead> & {
  readonly identity: Identity<T>;
};

/** These two let the compiler find out what an entry is of. A field that is no part of the identity: */
export const field = <T, Name extends string, AlsoRead extends string = never>(
  entry: FreeField<T, Name, AlsoRead>,
): FreeField<T, Name, AlsoRead> => entry;

/** A field that is part of it. */
export const identityField = <T, Name extends string, AlsoRead extends string = never>(
  entry: IdentityField<T, Name, AlsoRead>,
): IdentityField<T, Name, AlsoRead> => entry;

/** For values that can be compared as they are. */
export const asPlainValues = (stored: unknown, asked: unknown): Change => (stored === asked ? 'nothing' : 'changes');

export const expectedGot = (attribute: string, expected: string, came: unknown): string =>
  came === undefined
    ? `${attribute} is missing`
    : `${attribute}: ${expected}, got ${cutText(JSON.stringify(came), 60)}`;

export const Text = v.pipe(v.string('expected some text'), v.nonEmpty('expected some text'));
export const YesNo = v.boolean('expected true or false');

/** One attribute that holds the value itself. */
export function attribute<T extends string | number | boolean | undefined>(
  name: string,
  schema: v.GenericSchema<unknown, T>,
  write: (value: T) => Attributes[string] = (value) => value,
): Codec<T> {
  return {
    write: (value) => ({ [name]: write(value) }),
    read(item) {
      const read = v.safeParse(schema, item[name]);
      return read.success ? ok(read.output) : err([expectedGot(name, read.issues[0].message, item[name])]);
    },
  };
}
