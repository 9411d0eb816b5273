import { Injectable } from '@nestjs/common';
import {
  DEFAULT_GUEST_TYPES,
  DEFAULT_SPONSOR_GROUPS,
  didYouMean,
  hashSponsorPassword,
  type GuestLocation,
  type GuestPasswordPolicy,
  type GuestPurgePolicy,
  type GuestType,
  type GuestUsernamePolicy,
  type SelfRegistrationPortal,
  type Sponsor,
  type SponsorGroup,
} from '#libs/guests';
import { guestTextMistakes, type GuestText, type GuestTextKind } from '#libs/notification';
import type { Random } from '#libs/simulation';
import { GUEST_ACCESS_KEYS, SPONSOR_PORTAL } from '../guest-access-settings.ts';
import { RequestError } from '../http/request-error.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

/** A sponsor as typed: the password is stored as a hash only. */
export interface SponsorForm {
  readonly username: string;
  readonly emailAddress?: string;
  /** SECRET. Absent: as it was. */
  readonly password?: string;
  readonly groups?: readonly string[];
}

/** The settings pages of Work Centers > Guest Access, as the primary PAN writes them. */
@Injectable()
export class GuestSettingsService {
  private readonly random: Random;

  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {
    this.random = context.random.stream('sponsor salts');
  }

  saveType(type: GuestType): GuestType {
    this.config.write(CONFIG_KEYS.guestType(type.name), type);
    return type;
  }

  /** @throws RequestError for a built-in type, and for one that accounts or portals have */
  deleteType(name: string): void {
    const { guests, guestTypes, guestAccess } = this.context.settings;
    this.requireKnown('guest type', name, guestTypes);
    this.refuseBuiltIn('guest type', name, DEFAULT_GUEST_TYPES);
    const accounts = guests.filter(({ guestType }) => guestType === name).length;
    if (accounts > 0) this.refuseUsed(`${accounts} guest account(s) are of type ${name}`);
    const portal = guestAccess.selfRegistrationPortals.find(({ guestType }) => guestType === name);
    if (portal) this.refuseUsed(`the portal ${portal.name} gives the type ${name}`);
    this.config.write(CONFIG_KEYS.guestType(name), null);
  }

  /** @throws RequestError for a guest type that is not there */
  saveSponsorGroup(group: SponsorGroup): SponsorGroup {
    for (const name of group.guestTypes ?? []) this.requireKnown('guest type', name, this.context.settings.guestTypes);
    this.config.write(GUEST_ACCESS_KEYS.sponsorGroup(group.name), group);
    return group;
  }

  /** @throws RequestError for a built-in group, and for one that has members */
  deleteSponsorGroup(name: string): void {
    const { guestAccess, sponsors } = this.context.settings;
    this.requireKnown('sponsor group', name, guestAccess.sponsorGroups);
    this.refuseBuiltIn('sponsor group', name, DEFAULT_SPONSOR_GROUPS);
    const member = sponsors.find(({ groups }) => groups?.includes(name));
    if (member) this.refuseUsed(`${member.username} is a member of ${name}`);
    this.config.write(GUEST_ACCESS_KEYS.sponsorGroup(name), null);
  }

  /** @throws RequestError for a group that is not there */
  saveSponsor({ password, ...form }: SponsorForm): Omit<Sponsor, 'passwordHash'> {
    for (const name of form.groups ?? []) {
      this.requireKnown('sponsor group', name, this.context.settings.guestAccess.sponsorGroups);
    }
    const passwordHash =
      password === undefined
        ? this.context.settings.sponsor(form.username)?.passwordHash
        : hashSponsorPassword(password, this.random.hex(16));
    const sponsor: Sponsor = { ...form, ...(passwordHash === undefined ? {} : { passwordHash }) };
    this.config.write(CONFIG_KEYS.sponsor(form.username), sponsor);
    return form;
  }

  saveLocation(location: GuestLocation): GuestLocation {
    this.config.write(GUEST_ACCESS_KEYS.location(location.name), location);
    return location;
  }

  saveUsernamePolicy(policy: GuestUsernamePolicy): GuestUsernamePolicy {
    this.config.write(GUEST_ACCESS_KEYS.usernamePolicy, policy);
    return policy;
  }

  savePasswordPolicy(policy: GuestPasswordPolicy): GuestPasswordPolicy {
    this.config.write(GUEST_ACCESS_KEYS.passwordPolicy, policy);
    return policy;
  }

  savePurgePolicy(policy: GuestPurgePolicy): GuestPurgePolicy {
    this.config.write(GUEST_ACCESS_KEYS.purgePolicy, policy);
    return policy;
  }

  /** @throws RequestError for a guest type that is not there */
  saveSelfRegistrationPortal(portal: SelfRegistrationPortal): SelfRegistrationPortal {
    this.requireKnown('guest type', portal.guestType, this.context.settings.guestTypes);
    this.config.write(GUEST_ACCESS_KEYS.selfRegistrationPortal(portal.name), portal);
    return portal;
  }

  /** @throws RequestError for an unknown portal, and for a text with unknown placeholders */
  savePortalText(portal: string, language: string, kind: GuestTextKind, text: GuestText): GuestText {
    const { guestAccess } = this.context.settings;
    this.requireKnown('portal', portal, [{ name: SPONSOR_PORTAL }, ...guestAccess.selfRegistrationPortals]);
    const mistakes = guestTextMistakes(kind, text);
    if (mistakes.length > 0) {
      const remedy = 'Use the placeholders that the page lists.';
      throw new RequestError(400, 'portal-texts.placeholder-unknown', mistakes.join(' '), remedy, { mistakes });
    }
    const present = guestAccess.portalTexts(portal);
    const changed = { ...present, [language]: { ...present[language], [kind]: text } };
    this.config.write(GUEST_ACCESS_KEYS.portalTexts(portal), changed);
    return text;
  }

  private requireKnown(what: string, name: string, list: readonly { readonly name: string }[]): void {
    const names = list.map((each) => each.name);
    if (names.includes(name)) return;
    const message = `there is no ${what} "${name}".${didYouMean(name, names)}`;
    throw new RequestError(404, 'guest-access.unknown', message, `Known: ${names.join(', ')}.`);
  }

  private refuseBuiltIn(what: string, name: string, builtIn: readonly { readonly name: string }[]): void {
    if (!builtIn.some((each) => each.name === name)) return;
    throw new RequestError(409, 'guest-access.built-in', `the ${what} ${name} can't be deleted`, 'Edit it instead.');
  }

  private refuseUsed(why: string): never {
    throw new RequestError(409, 'guest-access.in-use', why, 'Change what uses it first.');
  }
}
