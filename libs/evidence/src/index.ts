export { renderCapture, renderKeyLog } from './capture.ts';
export { TrafficLog } from './traffic-log.ts';
