import Handlebars from 'handlebars';
import { renderGuestText, type GuestMailOptions } from './guest-mails.ts';

const LANGUAGE_TAGS: Readonly<Record<string, string>> = { English: 'en', German: 'de', Spanish: 'es' };

/**
 * "Deliver notification using: Print": the credentials as an HTML page, in the words of the mail. Nothing in it is
 * markup but what stands here: values and edited texts are escaped.
 */
export function printGuestCredentials(options: Pick<GuestMailOptions, 'account' | 'timeZone' | 'texts'>): string {
  const { subject, text } = renderGuestText('credentials', options);
  const escape = (plain: string): string => Handlebars.escapeExpression(plain);
  const paragraphs = text
    .trim()
    .split('\n\n')
    .map((paragraph) => `<p>${escape(paragraph).replaceAll('\n', '<br>\n')}</p>`);
  const language = LANGUAGE_TAGS[options.account.notificationLanguage ?? 'English'] ?? 'en';
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escape(subject)}</title></head>
<body>
<h1>${escape(subject)}</h1>
${paragraphs.join('\n')}
</body>
</html>
`;
}
