import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { RequestError } from './request-error.ts';

/** Checks a request body against a schema, and names all its faults at once; the values themselves stay out of it. */
export class ZodPipe<T extends z.ZodType> implements PipeTransform<unknown, z.infer<T>> {
  constructor(private readonly schema: T) {}

  /** For the description of the API: what a client may send. */
  get jsonSchema(): object {
    const { $schema: _dialect, ...schema } = z.toJSONSchema(this.schema, { io: 'input', unrepresentable: 'any' });
    return schema;
  }

  transform(body: unknown): z.infer<T> {
    const result = this.schema.safeParse(body ?? {});
    if (result.success) return result.data;
    const faults = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
    throw new RequestError(400, 'request.invalid', faults.join('; '), 'Correct the named fields.', { faults });
  }
}
