export { AdminWorkstation } from './admin-workstation.ts';
export type { AdminAnswer } from './admin-answer.ts';
export { pick } from './answer-path.ts';
