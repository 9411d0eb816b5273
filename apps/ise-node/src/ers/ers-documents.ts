import type { ErsFields, ErsOutcome } from './ers-resource.ts';
import { documentToXml, elementToXml } from './ers-xml.ts';

type ErsDocument = Extract<ErsOutcome, { kind: 'document' }>;

/** Names and values that an operation answers (fact sheet ise 7.1). */
export function operationResult(values: Readonly<Record<string, string>>): ErsDocument {
  const pairs = Object.entries(values).map(([name, value]) => ({ value, name }));
  const attributes = pairs.map(({ name, value }) => elementToXml('attribute', { name, value }));
  return {
    kind: 'document',
    wrapper: 'OperationResult',
    fields: { resultValue: pairs },
    xml: documentToXml('operationResult', {}, `<attributesList>${attributes.join('')}</attributesList>`),
  };
}

export function versionInfo(versions: readonly string[], link: ErsFields): ErsDocument {
  const fields = { currentServerVersion: versions.at(-1), supportedVersions: versions.join(',') };
  const inner =
    elementToXml('link', link) +
    Object.entries(fields)
      .map(([name, value]) => elementToXml(name, {}, value))
      .join('');
  return {
    kind: 'document',
    wrapper: 'VersionInfo',
    fields: { ...fields, link },
    xml: documentToXml('versionInfo', {}, inner),
  };
}

/** What became of the fields of an update. */
export function updatedFields(changes: readonly ErsFields[]): ErsDocument {
  const inner = changes.map(({ field, oldValue, newValue }) => {
    const values = elementToXml('newValue', {}, newValue) + elementToXml('oldValue', {}, oldValue);
    return elementToXml('updatedField', { field }, undefined, values);
  });
  return {
    kind: 'document',
    wrapper: 'UpdatedFieldsList',
    fields: { updatedField: changes },
    xml: documentToXml('updatedFields', {}, inner.join('')),
  };
}

/** How far a bulk request is, and what became of each of its resources. */
export function bulkStatus(fields: ErsFields, resources: readonly ErsFields[]): ErsDocument {
  const inner = resources.map((each) => elementToXml('resourceStatus', each));
  return {
    kind: 'document',
    wrapper: 'BulkStatus',
    fields: { ...fields, resourcesStatus: resources },
    xml: documentToXml('bulkStatus', fields, `<resourcesStatus>${inner.join('')}</resourcesStatus>`),
  };
}
