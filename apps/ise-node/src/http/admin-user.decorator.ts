import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** The administrator whom `AdminGuard` let through. */
export const CurrentAdmin = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  return context.switchToHttp().getRequest<Request & { adminUser?: string }>().adminUser ?? '';
});
