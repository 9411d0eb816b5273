/** Requests older than this are forgotten: no window of a policy can be longer. */
const REMEMBERED_MS_MAX = 3_600_000;

/** When tokens were asked for, for the limits of the policies. Simplified: not part of the exported state. */
export class TokenTraffic {
  private requests: { tenantId: string; clientId: string; at: number }[] = [];

  record(tenantId: string, clientId: string, at: number): void {
    this.requests = this.requests.filter((request) => request.at > at - REMEMBERED_MS_MAX);
    this.requests.push({ tenantId, clientId: clientId.toLowerCase(), at });
  }

  ofTenant(tenantId: string, since: number): number {
    return this.requests.filter((request) => request.tenantId === tenantId && request.at > since).length;
  }

  ofClient(tenantId: string, clientId: string, since: number): number {
    const wanted = clientId.toLowerCase();
    return this.requests.filter(
      (request) => request.tenantId === tenantId && request.clientId === wanted && request.at > since,
    ).length;
  }

  forget(): void {
    this.requests = [];
  }
}
