import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { nextPurgeAt } from '#libs/guests';
import type { Timer } from '#libs/simulation';
import { GUEST_ACCESS_KEYS } from '../guest-access-settings.ts';
import { NodeContext } from '../node-context.ts';
import { GuestAccountsService } from './guest-accounts.service.ts';

/** The Guest Account Purge Policy on the primary PAN. What was missed while none was up goes with the next purge. */
@Injectable()
export class GuestPurgeScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: Timer | undefined;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly accounts: GuestAccountsService,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.context.store.onChange(({ key }) => {
      if (key === GUEST_ACCESS_KEYS.purgePolicy) this.sleep();
    });
    this.sleep();
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
    this.timer?.cancel();
  }

  private sleep(): void {
    const { clock, settings } = this.context;
    this.timer?.cancel();
    const policy = settings.guestAccess.purgePolicy;
    if (!policy.enabled) return;
    this.timer = clock.after(nextPurgeAt(policy, clock.now()) - clock.now(), () => {
      if (this.context.isPrimaryPan) this.accounts.purge();
      this.sleep();
    });
  }
}
