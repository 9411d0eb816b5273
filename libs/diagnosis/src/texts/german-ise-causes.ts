import type { TranslatedCause } from './translated-cause.ts';

const SYSTEM_TIME = 'Administration > System > Settings > System Time: die NTP-Server dieses Knotens berichtigen.';

/** German: ISE itself. */
export const GERMAN_ISE_CAUSES: Readonly<Record<string, TranslatedCause>> = {
  'ise.smtp-server-not-configured': {
    cause:
      'Der Knoten hat keine SMTP-Einstellungen: Es wurden keine gespeichert, oder eine Wiederherstellung ließ sie aus.',
    remedy: 'Administration > System > Settings > SMTP Server: ausfüllen, Test Connection, Save.',
  },
  'ise.smtp-settings-never-tested': {
    cause:
      'Save wurde für Werte geklickt, die Test Connection nicht bestanden haben: Es gilt weiter, was vorher gespeichert war.',
    remedy:
      'Administration > System > Settings > SMTP Server: mit genau diesen Werten Test Connection klicken, dann Save.',
  },
  'ise.typed-expiry-date-wrong': {
    cause:
      'Entra sagt, dass das Client Secret abgelaufen ist, während ISE gesagt wurde, es halte bis {expected|zu einem späteren Tag}: Alarme richten sich nach dem eingetippten Datum, darum wurde niemand gewarnt.',
    remedy:
      'Ein neues Client Secret anlegen; auf der Seite SMTP Server seinen Wert und genau das Enddatum eintragen, das Entra zeigt, testen und speichern.',
  },
  'ise.expired-secret-alarm-undeliverable': {
    cause:
      'Der Alarm, dass das Client Secret abgelaufen ist, geht per Mail durch eben den Kanal, dessen Secret abgelaufen ist: Er steht als unzustellbar in der Liste, und niemand bekommt ihn.',
    remedy:
      'Im Alarms dashlet nachsehen, das Secret auf der Seite SMTP Server erneuern; beim nächsten Mal auf den Alarm vor dem Ende hin handeln.',
  },
  'ise.alarm-sender-unset': {
    cause:
      'Alarm-Mail ist von {actual|ise@ und dem Namen des Knotens}, solange kein Absender gesetzt ist, und {mailbox|das Postfach} darf nicht als dieser senden.',
    remedy:
      'Administration > System > Settings > Alarm Settings > Alarm Notification: {mailbox|das Postfach} als Absender eintragen.',
  },
  'ise.admin-without-alarm-tick': {
    cause:
      'Der Alarm steht in der Liste, wird aber niemandem gemailt: Kein Administrator will Alarme, und der Alarm hat keine eigene Adresse.',
    remedy:
      'Administration > System > Admin Access > Administrators: „Include system alarms in emails“ ankreuzen; oder beim Alarm Adressen eintragen.',
  },
  'ise.guest-notifications-off': {
    cause: 'Das Konto ist da, und keinem Gast wird gemailt: „Enable email notifications to guests“ ist ausgeschaltet.',
    remedy:
      'Work Centers > Guest Access > Settings > Guest Email Settings: die Benachrichtigung per E-Mail einschalten, Save.',
  },
  'ise.guest-without-address': {
    cause: 'Das Konto hat keine E-Mail-Adresse: Es gibt niemanden, dem die Zugangsdaten zu senden wären.',
    remedy: 'Das Konto mit einer Adresse anlegen, oder dem Gast die Zugangsdaten ausdrucken.',
  },
  'ise.primary-pan-down': {
    cause:
      'Gastkonten schreibt allein der primäre PAN, und {host|er} ist nicht erreichbar: Kein Konto wird angelegt, geändert oder gemailt. Resend geht noch, da es nichts ändert.',
    remedy:
      '{host|Den primären PAN} wieder in Betrieb nehmen, oder auf dem sekundären PAN: Administration > System > Deployment > Promote to Primary.',
  },
  'ise.active-mnt-lost': {
    cause:
      'Alarme mailt der aktive MnT, und {host|er} ist nicht erreichbar: Der Standby übernimmt und mailt von dort, wenn er erreichbar ist.',
    remedy:
      '{host|Den bisher aktiven MnT} wieder in Betrieb nehmen, und beiden MnT den Weg zum Token-Endpunkt und zum SMTP-Server erlauben.',
  },
  'ise.node-out-of-sync': {
    cause:
      '{host|Der Knoten} ist nicht synchron: Er sendet mit den SMTP-Einstellungen, die er vorher hatte, und Entra lehnt sie ab. Andere Knoten senden.',
    remedy: 'Administration > System > Deployment: {host|den Knoten} auswählen und Sync klicken.',
  },
  'ise.restored-without-settings': {
    cause:
      'Die Konfiguration wurde aus einem Backup wiederhergestellt, und SMTP-Einstellungen sind nie in einem Backup: Seither gibt es keine, auch nicht die von vorher.',
    remedy:
      'Administration > System > Settings > SMTP Server: alles neu ausfüllen, auch das Client Secret, Test Connection, Save.',
  },
  'ise.node-clock-ahead': {
    cause:
      'Die Uhr des Knotens geht vor: Nach seiner Zeit sind die Zertifikate von {host|dem Server} abgelaufen. Sie sind es nicht; andere Knoten senden.',
    remedy: SYSTEM_TIME,
  },
  'ise.node-deregistered': {
    cause:
      '{host|Der Knoten} gehört nicht mehr zur Installation: Seine Portale antworten noch, er sendet aber keine Mail.',
    remedy:
      'Portalnamen und Load Balancer auf Knoten der Installation zeigen lassen, oder den Knoten auf dem primären PAN wieder registrieren.',
  },
};
