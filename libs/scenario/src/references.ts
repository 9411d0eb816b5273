import { ADMIN_ACTION_SCHEMAS } from './admin-action.schema.ts';
import { DEFAULT_SPONSOR } from './given.schema.ts';
import type { Mistake } from './mistake.ts';
import { nearestOf } from './nearest.ts';
import { isMapping, quoted, valueAt } from './plain-data.ts';
import { FIRST_SECRET, placeholdersIn, validPlaceholders } from './placeholder.ts';
import { oneOf } from './schema-mistakes.ts';
import { targetOf } from './step-reader.ts';
import type { YamlPath, YamlSource } from './yaml-source.ts';

const SIX_NODES = ['pan1', 'pan2', 'psn1', 'psn2', 'mnt1', 'mnt2'];
const STANDALONE_NODES = ['ise1'];

const NO_FAULT = 'none, as no fault was added before';

/** Where a scenario names something that is not there: nodes, sponsors, secrets, placeholders, diagnosis codes. */
export function referenceMistakes(source: YamlSource, catalogueCodes: readonly string[] | undefined): Mistake[] {
  return new ReferenceCheck(source, catalogueCodes).mistakes;
}

/** Looks at plain data that may have mistakes of other kinds, so that all are told at once. */
class ReferenceCheck {
  readonly mistakes: Mistake[] = [];
  readonly #hasApplication: boolean;
  readonly #secrets: string[];
  readonly #noted: string[] = [];
  readonly #faults: string[] = [];
  readonly #nodes: string[];
  readonly #sponsors: string[];
  readonly #source: YamlSource;
  readonly #catalogueCodes: readonly string[] | undefined;

  constructor(source: YamlSource, catalogueCodes: readonly string[] | undefined) {
    this.#source = source;
    this.#catalogueCodes = catalogueCodes;
    this.#hasApplication = valueAt(source.value, 'given', 'tenant') !== 'empty';
    this.#secrets = this.#hasApplication ? [FIRST_SECRET] : [];
    this.#nodes = nodeNames(valueAt(source.value, 'given', 'deployment'));
    const sponsors = valueAt(source.value, 'given', 'sponsors');
    this.#sponsors = Array.isArray(sponsors) ? texts(sponsors, 'username') : [DEFAULT_SPONSOR.username];
    this.#visit(source.value, []);
  }

  #visit(value: unknown, path: YamlPath): void {
    if (typeof value === 'string') return this.#visitText(value, path);
    if (Array.isArray(value)) return value.forEach((item: unknown, index) => this.#visit(item, [...path, index]));
    if (!isMapping(value)) return;
    for (const [key, item] of Object.entries(value)) {
      this.#visit(item, [...path, key]);
      const secret = valueAt(item, 'as');
      if (key === 'entra.addSecret' && typeof secret === 'string') this.#secrets.push(secret);
      this.#noteAnswer(key, item);
      const fault = valueAt(item, 'name');
      if (key === 'fault.add' && typeof fault === 'string') this.#faults.push(fault);
    }
  }

  /** What a request notes of its answer is there from the next step on. */
  #noteAnswer(key: string, values: unknown): void {
    if (!Object.hasOwn(ADMIN_ACTION_SCHEMAS, key)) return;
    const note = valueAt(values, 'note');
    if (isMapping(note)) this.#noted.push(...Object.keys(note));
    const secret = valueAt(values, 'noteSecret');
    if (typeof secret === 'string') this.#secrets.push(secret);
  }

  #visitText(text: string, path: YamlPath): void {
    const key = path.at(-1);
    const mapping = path.findLast((step, index) => index < path.length - 1 && typeof step === 'string');
    for (const name of placeholdersIn(text)) this.#placeholder(name, path);
    if (mapping === 'steps') {
      if (key === 'click') this.#known('node', targetOf(text)?.node, this.#nodes, path);
      if (key === 'on') this.#known('node', text, this.#nodes, path);
      if (key === 'explain') this.#known('diagnosis', text, this.#catalogueCodes ?? [], path);
      return;
    }
    if (mapping === 'fault.remove' && key === 'name') {
      this.#known('fault', text, this.#faults.length > 0 ? this.#faults : [NO_FAULT], path);
    }
    if (mapping === 'entra.removeSecret' && key === 'secret') this.#known('secret', text, this.#secrets, path);
    const isSender = key === 'from' && (mapping === 'mail' || mapping === 'mails');
    const isHealthCheckNode = key === 'primaryHealthCheckNode' || key === 'secondaryHealthCheckNode';
    if (key === 'node' || key === 'on' || isSender || isHealthCheckNode) this.#known('node', text, this.#nodes, path);
    if (key === 'sponsor') this.#known('sponsor', text, this.#sponsors, path);
  }

  #placeholder(name: string, path: YamlPath): void {
    const isSecretValue = /^secrets\..*\.value$/.test(name);
    // Whatever else holds a placeholder is shown, logged or compared with what is.
    if (isSecretValue && path.at(-1) !== 'clientSecret') {
      const message = `the value of a secret in "${String(path.at(-1))}"`;
      this.mistakes.push(this.#source.mistakeAt(path, { message, expected: 'it in the field "clientSecret" only' }));
      return;
    }
    this.#known('placeholder', name, this.#placeholders, path);
  }

  get #placeholders(): string[] {
    return validPlaceholders({ hasApplication: this.#hasApplication, secrets: this.#secrets, noted: this.#noted });
  }

  /** Nothing is known while the list of names itself has mistakes: then an empty list lets everything pass. */
  #known(kind: string, name: string | undefined, valid: readonly string[], path: YamlPath): void {
    if (name === undefined || valid.length === 0 || valid.includes(name)) return;
    const found = {
      message: `unknown ${kind} ${quoted(name)}`,
      expected: oneOf(valid),
      nearest: nearestOf(name, valid),
    };
    this.mistakes.push(this.#source.mistakeAt(path, found));
  }
}

function nodeNames(deployment: unknown): string[] {
  if (deployment === undefined || deployment === 'six-nodes') return SIX_NODES;
  if (deployment === 'standalone') return STANDALONE_NODES;
  const nodes = valueAt(deployment, 'nodes');
  return Array.isArray(nodes) ? texts(nodes, 'name') : [];
}

function texts(list: readonly unknown[], key: string): string[] {
  return list.map((item) => valueAt(item, key)).filter((item) => typeof item === 'string');
}
