/** A JSON value as it goes to Microsoft. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A request to Microsoft Graph; `path` begins with the version and may have a query. */
export interface GraphCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: Json | undefined;
}

/** A cmdlet with its parameters, as Exchange Online PowerShell sends it over REST. */
export interface CmdletCall {
  readonly cmdlet: string;
  readonly parameters: { readonly [name: string]: Json };
}

/** What a service of Microsoft's answered, as its client sees it. Both kinds may hold secrets in `body`, never in the rest. */
export type AdminAnswer =
  | { readonly kind: 'done'; readonly status: number; readonly body: unknown }
  /** `code` and `text` as the service gives them; of Exchange the type of the exception, and its message. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly text: string };
