import type { z } from 'zod';
import { OpenApiError } from './openapi-route.ts';

/** The checked body. @throws OpenApiError naming every faulty field; values stay out of it */
export function checkedBody<T extends z.ZodType>(body: unknown, schema: T): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 20).map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new OpenApiError(400, faults.join('; '));
}
