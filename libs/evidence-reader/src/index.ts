export { EvidenceReader, type EvidenceRead, type OpenEvidence } from './evidence-reader.ts';
export type { InputKind, Quote } from './findings.ts';
export { unpacked } from './unpack.ts';
