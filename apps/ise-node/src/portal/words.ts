import type { Request } from 'express';
import type { GuestState } from '#libs/guests';
import { ENGLISH, type Words } from './words.english.ts';
import { GERMAN } from './words.german.ts';
import { SPANISH } from './words.spanish.ts';

export type { Words } from './words.english.ts';

export type Language = 'en' | 'de' | 'es';

const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, de: GERMAN, es: SPANISH };

/** What the account's states are called; in English as they are. */
const STATES: Readonly<Record<Exclude<Language, 'en'>, Readonly<Record<GuestState, string>>>> = {
  de: {
    Created: 'Erstellt',
    Active: 'Aktiv',
    Suspended: 'Gesperrt',
    Expired: 'Abgelaufen',
    'Pending Approval': 'Genehmigung ausstehend',
    Approved: 'Genehmigt',
    Denied: 'Abgelehnt',
  },
  es: {
    Created: 'Creada',
    Active: 'Activa',
    Suspended: 'Suspendida',
    Expired: 'Vencida',
    'Pending Approval': 'Pendiente de aprobación',
    Approved: 'Aprobada',
    Denied: 'Denegada',
  },
};

/** Refusals that guests meet, by code. The rest are told in English, and marked so. */
const REFUSALS: Readonly<Record<Exclude<Language, 'en'>, Readonly<Record<string, string>>>> = {
  de: {
    'guests.sign-in-failed': 'Benutzername oder Passwort ist falsch.',
    'guests.not-at-this-time': 'Dieses Konto kann zurzeit nicht verwendet werden.',
    'guests.first-login-state': 'Dieses Konto kann nicht verwendet werden.',
    'guests.address-missing': 'Eine E-Mail-Adresse ist nötig.',
    'guests.address-invalid': 'Die E-Mail-Adresse ist ungültig.',
    'guests.person-being-visited-missing': 'Die E-Mail-Adresse der besuchten Person ist nötig: Sie genehmigt.',
    'guests.password-policy': 'Ihr Passwort erfüllt die Passwortrichtlinie nicht.',
    'guests.approval-link-invalid': 'Dieser Link ist ungültig, oder es wurde schon entschieden.',
    'guests.approval-link-expired': 'Dieser Link ist abgelaufen. Nutzen Sie die ausstehenden Konten im Sponsorportal.',
    'guests.no-primary-pan': 'Das ist zurzeit nicht möglich. Versuchen Sie es später erneut.',
    'portal.too-many-attempts': 'Zu viele Versuche. Versuchen Sie es in einer Minute erneut.',
  },
  es: {
    'guests.sign-in-failed': 'El nombre de usuario o la contraseña no son correctos.',
    'guests.not-at-this-time': 'Esta cuenta no se puede usar en este momento.',
    'guests.first-login-state': 'Esta cuenta no se puede usar.',
    'guests.address-missing': 'Se necesita un correo electrónico.',
    'guests.address-invalid': 'El correo electrónico no es válido.',
    'guests.person-being-visited-missing':
      'Se necesita el correo electrónico de la persona visitada: es quien aprueba.',
    'guests.password-policy': 'Su contraseña no cumple la directiva de contraseñas.',
    'guests.approval-link-invalid': 'Este enlace no es válido o ya se tomó una decisión.',
    'guests.approval-link-expired': 'Este enlace ha caducado. Use las cuentas pendientes del portal de patrocinadores.',
    'guests.no-primary-pan': 'Ahora no es posible. Inténtelo más tarde.',
    'portal.too-many-attempts': 'Demasiados intentos. Inténtelo de nuevo en un minuto.',
  },
};

/** What the browser asks for, as far as it is there; else English. */
export function languageOf(request: Request): Language {
  const asked = request.acceptsLanguages(['en', 'de', 'es']);
  return asked === 'de' || asked === 'es' ? asked : 'en';
}

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

export function stateIn(language: Language, state: GuestState): string {
  return language === 'en' ? state : STATES[language][state];
}

/** A text of a service, in the page's language or marked as English. */
export interface ToldText {
  readonly text: string;
  readonly lang?: 'en';
}

export function refusalIn(language: Language, code: string, text: string): ToldText {
  if (language === 'en') return { text };
  const translated = REFUSALS[language][code];
  return translated === undefined ? { text, lang: 'en' } : { text: translated };
}
