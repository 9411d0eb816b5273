import { Injectable, Optional } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from '../pan/config-writer.ts';
import { apiSettingsSchema, type ApiSettings } from './api-settings.ts';
import { rightsOf, type ApiCaller } from './api-callers.ts';
import { CsrfTokens } from './csrf-tokens.ts';
import { RequestBucket } from './request-bucket.ts';

export const API_SETTINGS_KEY = 'api-settings';

/** What ERS and OpenAPI have in common besides who asks: switches, limit, CSRF check, where is written, the journal. */
@Injectable()
export class ApiGate {
  private readonly csrf: CsrfTokens;
  private readonly buckets: Readonly<Record<'ers' | 'openapi', RequestBucket>>;

  constructor(
    readonly context: NodeContext,
    @Optional() private readonly config?: ConfigWriter,
  ) {
    const { clock, random } = context;
    this.csrf = new CsrfTokens(clock, random.stream('csrf'));
    const rate = (): number => this.settings.requestsPerSecond;
    this.buckets = { ers: new RequestBucket(clock, rate), openapi: new RequestBucket(clock, rate) };
  }

  get settings(): ApiSettings {
    return apiSettingsSchema.parse(this.context.store.get(API_SETTINGS_KEY) ?? {});
  }

  admit(api: 'ers' | 'openapi'): boolean {
    return this.buckets[api].admit();
  }

  /** The token that a read asked for with `X-CSRF-Token: fetch`. */
  fetchedToken({ headers }: IncomingMessage, caller: ApiCaller): string | undefined {
    const asks = this.settings.csrfCheck && tokenIn(headers)?.toLowerCase() === 'fetch';
    return asks ? this.csrf.issueFor(caller.name) : undefined;
  }

  /** Whether the check is off, or the write carries a token of this user. */
  passesCsrf({ headers }: IncomingMessage, caller: ApiCaller): boolean {
    return !this.settings.csrfCheck || this.csrf.isValid(caller.name, tokenIn(headers) ?? '');
  }

  /** Why this caller may not do it; undefined when he may. */
  refusalOf(method: string | undefined, caller: ApiCaller): 'read' | 'write' | undefined {
    const { read, write } = rightsOf(caller);
    if (!read) return 'read';
    return method === 'GET' || write ? undefined : 'write';
  }

  /** Where configuration is written; undefined on every node but the primary PAN (fact sheet ise 7.1). */
  get writer(): ConfigWriter | undefined {
    return this.context.isPrimaryPan ? this.config : undefined;
  }

  /** An error of our own: its kind is told, its text stays inside, for it may quote the request. */
  noteFailure(api: 'ers' | 'openapi', error: unknown): void {
    const { definition, journal } = this.context;
    const place = error instanceof Error ? /at (?:async )?([\w.<> ]+) \(/.exec(error.stack ?? '')?.[1] : undefined;
    const name = error instanceof Error ? error.name : typeof error;
    journal.record({ kind: 'api.failed', node: definition.name, api, error: name, place });
  }

  /** Writes, refusals and gaps are told; what a client merely read is not. */
  note(
    api: 'ers' | 'openapi',
    {
      method = '',
      path,
      status,
      user,
    }: { method: string | undefined; path: string; status: number; user?: string | undefined },
  ): void {
    if (method === 'GET' && status < 400) return;
    const { definition, journal } = this.context;
    journal.record({ kind: 'api.answered', node: definition.name, api, method, path, status, user });
  }
}

function tokenIn(headers: IncomingMessage['headers']): string | undefined {
  return [headers['x-csrf-token']].flat()[0];
}
