import { Injectable } from '@nestjs/common';
import {
  createGuestAccount,
  type GuestAccount,
  type GuestAccountRequest,
  type GuestCreation,
  type GuestType,
} from '#libs/guests';
import type { Random } from '#libs/simulation';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

/** Guest accounts and guest types are configuration: they are written on the primary PAN (fact sheet ise 2.3). */
@Injectable()
export class GuestAccountsService {
  private readonly random: Random;

  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {
    this.random = context.random.stream('guests');
  }

  create(request: GuestAccountRequest): GuestCreation {
    const { clock, settings } = this.context;
    const creation = createGuestAccount(request, {
      guestTypes: settings.guestTypes,
      usernames: settings.guests.map(({ username }) => username),
      now: clock.now(),
      random: this.random,
    });
    if (creation.kind === 'created') this.store(creation.account);
    return creation;
  }

  store(account: GuestAccount): void {
    this.config.write(CONFIG_KEYS.guest(account.username), account);
  }

  saveType(type: GuestType): void {
    this.config.write(CONFIG_KEYS.guestType(type.name), type);
  }
}
