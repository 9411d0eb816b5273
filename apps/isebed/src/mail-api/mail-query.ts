import { BadRequestException, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { SearchQuery, SearchQueryError } from './search-query.ts';

/** Mails on one page, at most. */
const LIMIT_MAX = 1_000;

/** Longest wait for a mail: ten minutes. */
const WAIT_MS_MAX = 600_000;

const start = z.coerce.number().int().min(0).default(0);
const limit = z.coerce.number().int().min(0).max(LIMIT_MAX).default(50);
const ids = z.array(z.string()).nullish();

export const pageSchema = z.object({ start, limit });
export const searchSchema = z.object({ query: z.string().min(1), start, limit, tz: z.string().optional() });
export const zoneSchema = z.object({ tz: z.string().optional() });
export const idsSchema = z.object({ IDs: ids });
export const readStatusSchema = z.object({ IDs: ids, Read: z.boolean().default(false), Search: z.string().optional() });
export const tagsSchema = z.object({ IDs: ids, Tags: z.array(z.string()).nullish() });
export const tagNameSchema = z.object({ Name: z.string() });
export const waitSchema = z.object({
  count: z.coerce.number().int().min(0).max(100_000).default(1),
  timeout: z.coerce.number().int().min(0).max(WAIT_MS_MAX).default(5_000).describe('Milliseconds of real time.'),
  query: z.string().optional(),
  tz: z.string().optional(),
});

/** Checks query parameters or a body, and names all faults at once. */
export class CheckedPipe<T extends z.ZodType> implements PipeTransform<unknown, z.infer<T>> {
  constructor(private readonly schema: T) {}

  transform(given: unknown): z.infer<T> {
    const result = this.schema.safeParse(given ?? {});
    if (result.success) return result.data;
    const faults = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
    throw new BadRequestException(faults.join('; '));
  }
}

/** The query as typed by a client; what can't be understood is answered 400. */
export function queryOf(text: string, tz?: string): SearchQuery {
  try {
    return new SearchQuery(text, tz);
  } catch (error) {
    if (error instanceof SearchQueryError) throw new BadRequestException(error.message);
    throw error;
  }
}
