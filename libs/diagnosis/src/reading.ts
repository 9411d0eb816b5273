import { alarmSymptoms } from './alarm-symptoms.ts';
import type { Observation, PathStage, Peer, SmtpReplyObservation } from './observation.ts';
import { stepOf, type PathStep } from './path.ts';
import { smtpSymptom } from './smtp-symptoms.ts';
import { spokenSymptom } from './spoken-symptoms.ts';

/** What one observation says of one step of the path. */
export interface Reading {
  step: PathStep;
  outcome: 'worked' | 'failed';
  /** Kinds of failure it may be; empty for what worked and for what is not known. More than one: it can't be told. */
  symptoms: readonly string[];
  /** What was seen, shortened. */
  text: string;
  observation: Observation;
  /** 3: a protocol's own answer, 2: an exception, 1: a sentence on a page. */
  precision: 1 | 2 | 3;
}

/** Steps in which the message itself is on its way. */
const IN_MESSAGE: readonly PathStage[] = ['mail', 'rcpt', 'data', 'end-of-data'];

const SMTP_STEPS: Record<NonNullable<SmtpReplyObservation['stage']>, PathStep> = {
  greeting: 'greeting',
  ehlo: 'greeting',
  starttls: 'smtp-tls',
  auth: 'auth',
  mail: 'mail',
  rcpt: 'rcpt',
  data: 'data',
  'end-of-data': 'end-of-data',
  quit: 'end-of-data',
  other: 'mail',
};

const TEXT_LENGTH_MAX = 160;

/** What an observation says of the path; undefined when it says nothing of it. */
export function readingOf(observation: Observation): Reading | undefined {
  const partial = partialReading(observation);
  return partial && { observation, ...partial, text: partial.text.slice(0, TEXT_LENGTH_MAX) };
}

type PartialReading = Omit<Reading, 'observation'>;

function partialReading(observation: Observation): PartialReading | undefined {
  switch (observation.kind) {
    case 'aadsts': {
      const { number, error } = observation;
      return failed('token', [`aadsts:${number}`], `AADSTS${number}${error ? ` ${error}` : ''}`);
    }
    case 'http': {
      const { status, text = '' } = observation;
      return failed(
        'token',
        [httpSymptom(observation)],
        [status ? `HTTP ${status}` : '', text].filter(Boolean).join(' '),
      );
    }
    case 'smtp-reply':
      return smtpReading(observation);
    case 'token':
      return worked('token', observation.fromCache ? 'from the cache of the node' : 'granted');
    case 'tls': {
      const { peer, host = '', failure, protocol = '' } = observation;
      const step = stepOf('tls', peer);
      if (observation.outcome === 'established') return worked(step, [protocol, host].filter(Boolean).join(' '));
      return failed(step, tlsSymptoms(failure), [failure, host].filter(Boolean).join(' '));
    }
    case 'network':
      return networkReading(observation);
    case 'proxy': {
      const { status, reason = '' } = observation;
      if (status < 400) return undefined;
      const symptom =
        status === 407 || status === 403 ? `proxy:${status}` : status >= 500 ? 'proxy:5xx' : 'proxy:other';
      return failed(stepOf('connect', peerOf(observation)), [symptom], `${status} ${reason}`.trim());
    }
    case 'gui':
      return spoken(observation.text, 1);
    case 'exception': {
      const { name, message, nested = [], peer } = observation;
      const all = [...nested.toReversed(), { name, message }].map((one) => `${one.name}: ${one.message}`);
      const telling = all.find((line) => spokenSymptom(line));
      return telling === undefined ? undefined : spoken(telling, 2, peer);
    }
    case 'ise':
      return failed('settings', [`ise:${observation.event}`], observation.event.replaceAll('-', ' '));
    case 'settings':
      return observation.present ? undefined : failed('settings', ['settings:none'], 'none');
    case 'alarm': {
      const symptoms = alarmSymptoms(observation.name);
      if (!symptoms) return undefined;
      const step = symptoms.includes('aadsts:7000222')
        ? 'token'
        : symptoms.includes('dial:dns-failure')
          ? 'smtp-name'
          : 'settings';
      return { step, outcome: 'failed', symptoms, text: observation.name, precision: 1 };
    }
    case 'bounce': {
      const { enhanced, text } = observation;
      const known = {
        '5.2.2': 'bounce:full',
        '5.1.10': 'bounce:unknown',
        '5.1.1': 'bounce:unknown',
        '5.4.1': 'bounce:unknown',
      };
      const symptom = Object.entries(known).find(([code]) => code === enhanced)?.[1];
      return failed('delivery', symptom ? [symptom] : [], text.startsWith(enhanced) ? text : `${enhanced} ${text}`);
    }
    case 'mail':
      if (observation.outcome === 'accepted') return worked('end-of-data', '250');
      return observation.outcome === 'connected' ? worked('auth', 'Test Connection') : undefined;
    default:
      return undefined;
  }
}

function httpSymptom({ status, body, text = '' }: Extract<Observation, { kind: 'http' }>): string {
  if (status === 429 || /Too Many Requests/i.test(text)) return 'http:429';
  if (status !== undefined && status >= 500) return 'http:5xx';
  if (status !== undefined || body === 'html') return status === undefined ? 'http:html' : 'http:page';
  return 'http:other';
}

function smtpReading(observation: SmtpReplyObservation): PartialReading {
  const { code, enhanced, text, stage } = observation;
  const line = [code, enhanced, withoutTail(text)].filter((part) => part !== undefined).join(' ');
  const symptom = smtpSymptom(observation);
  const step = stage === undefined ? usualStep(symptom) : SMTP_STEPS[stage];
  if (code < 400) return worked(step, line);
  return failed(step, symptom === undefined ? [] : [symptom], line);
}

/** Where a refusal comes up as a rule. */
function usualStep(symptom: string | undefined): PathStep {
  switch (symptom) {
    case undefined:
    case 'smtp:logon':
    case 'smtp:send-as':
    case 'smtp:concurrency':
    case 'smtp:quota':
    case 'smtp:size':
    case 'smtp:full':
    case 'smtp:mailbox-disabled':
    case 'smtp:submission-disabled':
    case 'smtp:restricted':
    case 'smtp:blocked':
      return 'end-of-data';
    case 'smtp:connections':
    case 'smtp:unavailable':
    case 'smtp:421':
      return 'greeting';
    case 'smtp:tls-rate':
      return 'smtp-tls';
    case 'smtp:starttls-required':
    case 'smtp:not-authenticated':
    case 'smtp:rate':
    case 'smtp:resources':
      return 'mail';
    case 'smtp:recipients':
      return 'rcpt';
    default:
      return 'auth';
  }
}

function tlsSymptoms(failure: Extract<Observation, { kind: 'tls' }>['failure']): string[] {
  switch (failure) {
    case undefined:
      return [];
    case 'out-of-date':
      return ['tls:expired', 'tls:not-yet-valid'];
    case 'timed-out':
      return ['lost:silent'];
    case 'connection-reset':
      return ['lost:broken'];
    default:
      return [`tls:${failure}`];
  }
}

function networkReading(observation: Extract<Observation, { kind: 'network' }>): PartialReading | undefined {
  const { outcome, failure, stage = 'connect', host = '', port, proxyFor } = observation;
  const peer = peerOf(observation);
  const address = port === undefined ? host : `${host}:${port}`;
  if (outcome === 'connected') return worked(stepOf('connect', peer), address);
  const text = [failure, address].filter(Boolean).join(' ');
  if (failure === 'dns-failure') {
    return failed(stepOf('name', peer), [`${proxyFor === undefined ? 'dial' : 'proxy-dial'}:dns-failure`], text);
  }
  if (stage === 'connect' || stage === 'name') {
    const how =
      failure === 'unreachable' || failure === 'read-timeout' ? 'connect-timeout' : (failure ?? 'connect-timeout');
    return failed(stepOf('connect', peer), [`${proxyFor === undefined ? 'dial' : 'proxy-dial'}:${how}`], text);
  }
  const isSilent = failure === 'read-timeout' || failure === 'connect-timeout';
  const silent = IN_MESSAGE.includes(stage) ? 'lost:silent-in-message' : 'lost:silent';
  return failed(stepOf(stage, peer), [isSilent ? silent : 'lost:broken'], text);
}

/** The server that an observation is about, by what it says or by the usual port and name. */
export function peerOf(observation: Observation): Peer | undefined {
  if ('peer' in observation && observation.peer) return observation.peer;
  if (observation.kind === 'aadsts' || observation.kind === 'http' || observation.kind === 'token')
    return 'token-endpoint';
  if (observation.kind === 'smtp-reply') return 'smtp';
  const target =
    observation.kind === 'proxy'
      ? observation.target
      : observation.kind === 'network'
        ? (observation.proxyFor ?? `${observation.host ?? ''}:${observation.port ?? ''}`)
        : 'host' in observation
          ? observation.host
          : undefined;
  if (target === undefined || target === ':') return undefined;
  return /^login\.|:443$|microsoftonline|sts\.windows/.test(target) ? 'token-endpoint' : 'smtp';
}

function spoken(text: string, precision: 1 | 2, peer?: Peer): PartialReading | undefined {
  const known = spokenSymptom(text);
  if (!known) return undefined;
  const { symptoms, stage = 'auth' } = known;
  return { step: stepOf(stage, peer), outcome: 'failed', symptoms, text, precision };
}

function failed(step: PathStep, symptoms: readonly string[], text: string): PartialReading {
  return { step, outcome: 'failed', symptoms, text, precision: 3 };
}

function worked(step: PathStep, text: string): PartialReading {
  return { step, outcome: 'worked', symptoms: [], text, precision: 3 };
}

/** A reply without its bracketed tail and diagnostics, which no reader needs. */
function withoutTail(text: string): string {
  return text.split(/ \[|; STOREDRV/)[0] ?? text;
}
