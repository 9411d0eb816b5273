import type { Language } from './language.ts';
import { rootCause } from './root-cause.ts';
import { InvariantError } from './testbed-error.ts';
import { GERMAN_CAUSES } from './texts/german-causes.ts';
import { SPANISH_CAUSES } from './texts/spanish-causes.ts';
import type { CauseTexts } from './texts/translated-cause.ts';

const TRANSLATIONS: Record<Exclude<Language, 'en'>, Readonly<Record<string, CauseTexts>>> = {
  de: GERMAN_CAUSES,
  es: SPANISH_CAUSES,
};

/**
 * The texts of a root cause. GUI labels and cmdlets are English in all languages, as they are in the products.
 *
 * @throws InvariantError for a code that is not in the catalogue
 */
export function causeTexts(code: string, language: Language): CauseTexts {
  const texts = language === 'en' ? rootCause(code) : TRANSLATIONS[language][code];
  if (!texts) throw new InvariantError(`no texts for ${code} in ${language}`);
  return texts;
}
