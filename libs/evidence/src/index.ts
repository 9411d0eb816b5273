export { renderCapture, renderKeyLog } from './capture.ts';
export { renderChains } from './certificate-chains.ts';
export { renderSessions } from './session-transcripts.ts';
export { TrafficLog } from './traffic-log.ts';
