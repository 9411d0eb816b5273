import { Injectable } from '@nestjs/common';
import { NodeContext } from '../node-context.ts';

/** Notices kept per sponsor, and sponsors that have any; the oldest go first. */
const NOTICES_MAX = 50;
const SPONSORS_MAX = 1_000;

export interface SponsorNotice {
  readonly at: number;
  readonly text: string;
}

/** What came of the sponsor's clicks on this node: what the page Notices shows is our choice. Gone with a restart. */
@Injectable()
export class SponsorNotices {
  private readonly bySponsor = new Map<string, readonly SponsorNotice[]>();

  constructor(private readonly context: NodeContext) {}

  add(sponsor: string, text: string): void {
    const notices = [{ at: this.context.clock.now(), text }, ...this.of(sponsor)].slice(0, NOTICES_MAX);
    this.bySponsor.delete(sponsor);
    this.bySponsor.set(sponsor, notices);
    const [oldest] = this.bySponsor.keys();
    if (this.bySponsor.size > SPONSORS_MAX && oldest !== undefined) this.bySponsor.delete(oldest);
  }

  /** Newest first. */
  of(sponsor: string): readonly SponsorNotice[] {
    return this.bySponsor.get(sponsor) ?? [];
  }
}
