import { Injectable } from '@nestjs/common';
import { NodeContext } from '../node-context.ts';

/** Tasks kept, newest last. */
const TASKS_MAX = 500;

/** A long-running operation, as `/api/v1/task` shows it. */
export interface Task {
  id: string;
  executionStatus: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  moduleType: string;
  startTime: string;
  resourcesCount: number;
  successCount: number;
  failCount: number;
  detailStatus: { name: string; status: string; message: string }[];
}

/** The tasks of this node. They live as long as its process: what they did is in the configuration. */
@Injectable()
export class TaskDesk {
  private readonly tasks = new Map<string, Task>();

  constructor(private readonly context: NodeContext) {}

  /** Starts `work`, which tells in the end what became of it, and gives the task at once. */
  start(moduleType: string, subject: string, work: () => Promise<string>): Task {
    const { clock, random } = this.context;
    const id = random.stream(`task/${clock.now()}/${this.tasks.size}`).uuid();
    const task: Task = {
      id,
      executionStatus: 'IN_PROGRESS',
      moduleType,
      startTime: clock.timestamp(),
      resourcesCount: 1,
      successCount: 0,
      failCount: 0,
      detailStatus: [],
    };
    this.tasks.set(id, task);
    const [oldest] = this.tasks.keys();
    if (this.tasks.size > TASKS_MAX && oldest !== undefined) this.tasks.delete(oldest);
    void this.carryOut(task, subject, work);
    return task;
  }

  get all(): Task[] {
    return [...this.tasks.values()];
  }

  find(id: string): Task | undefined {
    return this.tasks.get(id);
  }

  private async carryOut(task: Task, name: string, work: () => Promise<string>): Promise<void> {
    try {
      const message = await work();
      Object.assign(task, { executionStatus: 'COMPLETED', successCount: 1 });
      task.detailStatus.push({ name, status: 'SUCCESS', message });
    } catch (error) {
      Object.assign(task, { executionStatus: 'FAILED', failCount: 1 });
      task.detailStatus.push({ name, status: 'FAILURE', message: error instanceof Error ? error.message : 'failed' });
    }
  }
}
