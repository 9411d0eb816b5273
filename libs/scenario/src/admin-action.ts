/** A JSON value as an administrator sends it. */
export type AdminValue =
  string | number | boolean | null | readonly AdminValue[] | { readonly [key: string]: AdminValue };

/** What must be refused, and how; `code` and `text` are parts of what the service says. */
export interface ExpectedRefusal {
  readonly status?: number;
  readonly code?: string;
  readonly text?: string;
}

/**
 * What an administrator does at his own computer, over HTTPS. `note` gives names for `{{noted.<name>}}` to what stands
 * at a path of the answer; with `refused` the service must refuse it, without it must not.
 */
export type AdminAction =
  | {
      readonly name: 'graph.request';
      readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
      readonly path: string;
      readonly body?: { readonly [key: string]: AdminValue };
      readonly note?: Readonly<Record<string, string>>;
      /** Name of the secret that the answer holds: `{{secrets.<name>.value}}` and `.id`. */
      readonly noteSecret?: string;
      readonly refused?: ExpectedRefusal;
    }
  | {
      readonly name: 'exchange.invoke';
      readonly cmdlet: string;
      readonly parameters: { readonly [name: string]: AdminValue };
      /** Paths into the first object that the cmdlet puts out. */
      readonly note?: Readonly<Record<string, string>>;
      readonly refused?: ExpectedRefusal;
    };
