import { readFileSync } from 'node:fs';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

export interface Parameter {
  readonly Type: string;
  readonly Description?: string;
  readonly Default?: string | number;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly (string | number)[];
}

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Metadata: unknown;
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Rules: Readonly<Record<string, { Assertions: readonly { Assert: unknown; AssertDescription: string }[] }>>;
  readonly Mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { Description: string; Value: unknown; Condition?: string }>>;
}

const inLongForm = (name: string): string => (name === 'Ref' ? name : `Fn::${name}`);

const scalarTag = (name: string): ScalarTag => ({
  tag: `!${name}`,
  resolve: (text) => ({ [inLongForm(name)]: name === 'GetAtt' ? text.split('.') : text }),
});

const listTag = (name: string): CollectionTag => ({
  tag: `!${name}`,
  collection: 'seq',
  resolve: (list) => ({ [inLongForm(name)]: list.toJSON() }),
});

const customTags = [
  ...['Ref', 'GetAtt', 'Sub'].map(scalarTag),
  ...['Sub', 'If', 'Equals', 'Not', 'Contains', 'FindInMap'].map(listTag),
];

export const template: Template = parse(readFileSync('template.yaml', 'utf8'), { customTags, logLevel: 'error' });

export interface Deployment {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly stackName?: string;
}

const required: Readonly<Record<string, string>> = { SpreadsheetId: 'fake-spreadsheet' };

type Arguments = readonly unknown[];

/**
 * What CloudFormation makes of a part of the template. A resource stands as its logical id, an attribute of it as
 * `Id.Attribute`; what is unknown throws.
 */
export function resolve<T = unknown>(part: unknown, deployment: Deployment = {}): T {
  const { parameters = {}, region = 'eu-central-1', stackName = 'my-stack' } = deployment;
  const pseudo: Readonly<Record<string, string | undefined>> = {
    'AWS::Region': region,
    'AWS::StackName': stackName,
    'AWS::AccountId': '000000000000',
    'AWS::Partition': 'aws',
    'AWS::NoValue': undefined,
  };
  const reference = (name: string): unknown => {
    if (name in pseudo) return pseudo[name];
    const parameter = template.Parameters[name];
    if (parameter !== undefined) return parameters[name] ?? parameter.Default ?? required[name];
    const [resource = ''] = name.split('.');
    if (resource in template.Resources) return name;
    throw new Error(`the template has no ${name}`);
  };
  const substitute = (text: string, own: Readonly<Record<string, unknown>>): string =>
    text.replace(/\$\{([^}]+)\}/g, (_, name: string) => String(name in own ? own[name] : reference(name)));
  const condition = (name: string): unknown => {
    if (!(name in template.Conditions)) throw new Error(`the template has no condition ${name}`);
    return evaluate(template.Conditions[name]);
  };
  const functions: Readonly<Record<string, (value: never) => unknown>> = {
    Ref: reference,
    'Fn::GetAtt': (path: readonly string[]) => reference(path.join('.')),
    'Fn::Sub': (value: string | [string, Record<string, unknown>]) =>
      typeof value === 'string'
        ? substitute(value, {})
        : substitute(value[0], evaluate(value[1]) as Record<string, unknown>),
    'Fn::If': ([name, yes, no]: [string, unknown, unknown]) => evaluate(condition(name) ? yes : no),
    'Fn::Equals': (pair: Arguments) => evaluate(pair[0]) === evaluate(pair[1]),
    'Fn::Not': ([one]: Arguments) => !evaluate(one),
    'Fn::Contains': ([list, one]: [Arguments, unknown]) => list.map(evaluate).includes(evaluate(one)),
    'Fn::FindInMap': (keys: [unknown, unknown, unknown]) => {
      const [map, top, second] = keys.map((key) => String(evaluate(key)));
      const found = template.Mappings[String(map)]?.[String(top)]?.[String(second)];
      if (found === undefined) throw new Error(`Unable to get mapping for ${map}::${top}::${second}`);
      return found;
    },
  };
  function evaluate(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(evaluate).filter((one) => one !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, content] = entries[0] ?? [''];
    const call = entries.length === 1 ? functions[name] : undefined;
    if (call !== undefined) return call(content as never);
    if (name.startsWith('Fn::')) throw new Error(`the tests do not know ${name}`);
    return Object.fromEntries(
      entries.map(([key, each]) => [key, evaluate(each)]).filter(([, each]) => each !== undefined),
    );
  }
  return evaluate(part) as T;
}

/** The resources that a deployment makes, as CloudFormation would see their properties. */
export function deployed(deployment: Deployment = {}): Record<string, Resource> {
  const { parameters } = deployment;
  const isMade = ({ Condition }: Resource): boolean =>
    Condition === undefined || resolve<boolean>(template.Conditions[Condition], { parameters: parameters ?? {} });
  return Object.fromEntries(
    Object.entries(template.Resources)
      .filter(([, resource]) => isMade(resource))
      .map(([id, resource]) => [id, resolve<Resource>(resource, deployment)]),
  );
}

/** The properties of one resource; `T` says what the caller expects of them. */
export function properties<T>(id: string, deployment: Deployment = {}): T {
  const resource = deployed(deployment)[id];
  if (resource === undefined) throw new Error(`the deployment makes no ${id}`);
  return resource.Properties as T;
}

export const resourcesOfType = (type: string, deployment: Deployment = {}): [string, Resource][] =>
  Object.entries(deployed(deployment)).filter(([, resource]) => resource.Type === type);
