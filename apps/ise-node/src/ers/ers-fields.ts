import { z } from 'zod';

/** Fields that every resource has. */
export const commonFields = {
  id: z.string().max(64).optional(),
  name: z.string().trim().min(1).max(256).optional(),
  description: z.string().max(1024).optional(),
  link: z.looseObject({}).optional(),
};

export const text = z.string().max(1024).optional();
export const flag = z.boolean().optional();

/** A map of short texts: custom fields and attributes. */
export const textMap = z.record(z.string().max(256), z.string().max(4096)).optional();
