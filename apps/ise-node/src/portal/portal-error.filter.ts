import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequestError } from '../http/request-error.ts';
import { PortalPages, tellWhenToRetry } from './portal-pages.ts';
import { SignInNeededError } from './sign-in-needed.error.ts';
import { languageOf, refusalIn, wordsIn, type ToldText, type Words } from './words.ts';

/** Errors of the portals as pages. What went wrong inside stays inside. */
@Catch()
export class PortalErrorFilter implements ExceptionFilter<unknown> {
  constructor(private readonly pages: PortalPages) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (error instanceof SignInNeededError) return response.redirect(303, '/sponsorportal/sign-in');
    const isSponsors = request.path.startsWith('/sponsorportal');
    const portal = isSponsors ? 'sponsorPortal' : 'guestPortal';
    const language = languageOf(request);
    const words = wordsIn(language);
    const { status, told } = asAnswer(error, words, (code, text) => refusalIn(language, code, text));
    tellWhenToRetry(response, error);
    this.pages.message(
      request,
      response,
      {
        title: words.problem,
        paragraphs: [told],
        links: [{ href: isSponsors ? '/sponsorportal' : '/portal', label: words.back }],
      },
      { portal, status },
    );
  }
}

function asAnswer(
  error: unknown,
  words: Words,
  translate: (code: string, text: string) => ToldText,
): { status: number; told: ToldText } {
  if (error instanceof RequestError) {
    const told =
      error.code === 'portal.form-token' ? { text: words.formExpired } : translate(error.code, error.message);
    return { status: error.status, told };
  }
  const status = error instanceof HttpException ? error.getStatus() : 500;
  const text =
    status === 404 ? words.notFound : status === 413 ? words.tooLarge : status < 500 ? words.formExpired : words.broken;
  return { status, told: { text } };
}
